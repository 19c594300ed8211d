-- Whether what a revision of a service did at a time is inside a window. A window that names no revision holds all.
span.service = service
and (span.revision is null or span.revision = revision)
and at_ns >= span.from_ns
and at_ns < span.to_ns
