-- Entries over the covered part of the window in 72 steps of equal length, by how grave they are.
-- Grain: window, step, grade that has entries. `from_ns` to `to_ns` is what the steps cover.
with

inside as (
    select
        span.window_id,
        epoch_ns(raw.entry_at) as entry_ns,
        case
            when greatest(raw.severity, coalesce(raw.level, raw.severity)) >= 'CRITICAL'::severity_name then 'critical'
            when greatest(raw.severity, coalesce(raw.level, raw.severity)) = 'ERROR' then 'error'
            when greatest(raw.severity, coalesce(raw.level, raw.severity)) = 'WARNING' then 'warning'
            when greatest(raw.severity, coalesce(raw.level, raw.severity)) = 'NOTICE' then 'notice'
            else 'info'
        end as grade
    from raw_entries as raw
    inner join sources as source using (source_id)
    inner join windows as span
        on source.service = span.service
        and (span.revision is null or span.revision = source.revision)
        and epoch_ns(raw.entry_at) >= span.from_ns
        and epoch_ns(raw.entry_at) < span.to_ns
    where raw.entry_at >= make_timestamp_ns($from_ns)
        and raw.entry_at < make_timestamp_ns($to_ns)
),

covered as (
    select
        window_id,
        min(entry_ns) as from_ns,
        max(entry_ns) + 1 as to_ns
    from inside
    group by window_id
)

select
    inside.window_id,
    ((inside.entry_ns - covered.from_ns)::hugeint * 72 // (covered.to_ns - covered.from_ns))::int as step,
    inside.grade,
    count(*) as entry_count,
    any_value(covered.from_ns) as from_ns,
    any_value(covered.to_ns) as to_ns
from inside
inner join covered using (window_id)
group by all
order by step, grade
