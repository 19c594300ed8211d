-- Whether what a revision of a service did at a time is inside a span of a history: one that names no service holds
-- all.
(span.service is null or span.service = service)
and (span.revision is null or span.revision = revision)
and at_ns >= span.from_ns
and at_ns < span.to_ns
