-- Instances as an engine counted them, with all of their entries. `first_line_at` and `last_line_at` are of what the
-- program wrote, requests and audits left aside. Grain: service, instance.
-- grain: service, instance_id
select
    service,
    instance_id,
    min(revision) as revision,
    make_timestamp_ns(min(first_ns)) as first_at,
    make_timestamp_ns(max(last_ns)) as last_at,
    sum(entry_count)::bigint as entry_count,
    make_timestamp_ns(min(announced_ns)) as announced_at,
    make_timestamp_ns(min(first_line_ns)) as first_line_at,
    make_timestamp_ns(max(last_line_ns)) as last_line_at
from pulled_counts
where part = 'instances'
    and instance_id is not null
    and minute is not null
group by all
