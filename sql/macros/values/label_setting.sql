-- The setting that a label of a service or revision is; NULL for those that the platform keeps its own books by.
case
    when key in (
        'commit-sha', 'commit_sha', 'git-sha', 'git_sha', 'git-commit', 'git_commit', 'commit',
        'org.opencontainers.image.revision'
    ) then 'commit'
    when key = 'gcb-build-id' then 'build'
    when key = 'gcb-trigger-id' then 'trigger'
    when key = 'managed-by' then 'managed by'
    when key in ('version', 'app.kubernetes.io/version') then 'version'
    when key <> ''
        and not regexp_matches(key, '(^|[.])(knative[.]dev|googleapis[.]com|gke[.]io)/|^gcb-|^pod-template-hash$')
        then 'label ' || key
end
