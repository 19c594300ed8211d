-- What the window holds in all, every severity counted. Grain: one row.
with

minutes as (
    select
        *,
        greatest(severity, coalesce(level, severity)) as effective_severity
    from pattern_minutes
    where service = $service
        and epoch_ns(minute) >= $from_ns
        and epoch_ns(minute) < $to_ns
)

select
    coalesce(sum(entry_count), 0)::bigint as entry_count,
    coalesce(sum(entry_count) filter (effective_severity >= 'NOTICE'::severity_name and pattern_id <> 'no payload'), 0)::bigint
        as ranked_count,
    coalesce(sum(entry_count) filter (pattern_id = 'no payload'), 0)::bigint as no_payload_count,
    epoch_ns(min(first_at)) as first_ns,
    epoch_ns(max(last_at)) as last_ns,
    count(distinct minute) as minute_count,
    (select count(*) from clusters) as cluster_count
from minutes
