# The program in an image of nothing but glibc and libstdc++, as a user without rights. `.ci/release/image` fills the folder it is
# built in. Mount your exports as /data:
#
#   docker run --rm --user "$(id -u)" --volume "$PWD:/data" ghcr.io/OWNER/log-gardener run logs
FROM gcr.io/distroless/cc-debian13:nonroot
ARG TARGETARCH
COPY ${TARGETARCH}/gardener /usr/local/bin/gardener
COPY ${TARGETARCH}/LICENSE ${TARGETARCH}/sbom.cyclonedx.json /usr/share/doc/log-gardener/
COPY --chown=65532:65532 data /data
WORKDIR /data
USER 65532:65532
ENTRYPOINT ["/usr/local/bin/gardener"]
