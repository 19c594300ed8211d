-- Entries that an engine counted and that were not fetched: all below NOTICE but for pieces of traces and what stands
-- near them. Grain: source, severity, level, kind, shape, status of requests, minute.
-- grain: source_id, severity, level, kind, shape_id, http_status, minute_ns
with

counted as (
    select
        known.source_id,
        known.severity::severity_name as severity,
        known.level::severity_name as level,
        known.kind,
        known.shape_id,
        known.http_status,
        counts.minute * 60_000_000_000 as minute_ns,
        sum(counts.entry_count)::bigint as entry_count,
        min(counts.first_ns) as first_ns,
        max(counts.last_ns) as last_ns,
        min(counts.smallest_instance_id) as smallest_instance_id,
        max(counts.greatest_instance_id) as greatest_instance_id,
        min(counts.smallest_insert_id) as smallest_insert_id
    from pulled_counts as counts
    inner join pulled_groups as known using (group_id)
    where counts.part = 'messages'
        and not known.is_fetched
    group by all
),

-- what was fetched for standing near a piece
near as (
    select
        source_id,
        severity,
        level,
        kind,
        shape_id,
        epoch_ns(entry_at) // 60_000_000_000 * 60_000_000_000 as minute_ns,
        count(*) as entry_count
    from raw_entries
    where greatest(severity, coalesce(level, severity)) < 'NOTICE'::severity_name
    group by all
)

select
    counted.source_id,
    counted.severity,
    counted.level,
    counted.kind,
    counted.shape_id,
    counted.http_status,
    counted.minute_ns,
    counted.entry_count - coalesce(near.entry_count, 0) as entry_count,
    make_timestamp_ns(counted.first_ns) as first_at,
    make_timestamp_ns(counted.last_ns) as last_at,
    counted.smallest_instance_id,
    counted.greatest_instance_id,
    counted.smallest_insert_id
from counted
left join near
    on counted.source_id = near.source_id
    and counted.severity = near.severity
    and counted.level is not distinct from near.level
    and counted.kind = near.kind
    and counted.shape_id is not distinct from near.shape_id
    and counted.minute_ns = near.minute_ns
where counted.entry_count > coalesce(near.entry_count, 0)
