-- Whether what a revision of a service did from one time to another reaches into a window.
span.service = service
and (span.revision is null or span.revision = revision)
and first_ns < span.to_ns
and last_ns >= span.from_ns
