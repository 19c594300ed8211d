-- Whether what a revision of a service did at a time belongs to a side of a comparison, as `pair_sides` lists them.
side.service = service
and side.revision = revision
and at_ns >= side.from_ns
and at_ns < side.to_ns
