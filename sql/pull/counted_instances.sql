-- Instances as an engine counted them, with all of their entries. `first_line_at` and `last_line_at` are of what the program
-- wrote, requests and audits left aside. Grain: service, instance.
select
    service,
    instance_id,
    smallest_revision as revision,
    make_timestamp_ns(first_ns) as first_at,
    make_timestamp_ns(last_ns) as last_at,
    entry_count,
    make_timestamp_ns(announced_ns) as announced_at,
    make_timestamp_ns(first_line_ns) as first_line_at,
    make_timestamp_ns(last_line_ns) as last_line_at
from pulled_counts
where part = 'instances'
    and instance_id <> ''
    and first_ns is not null
