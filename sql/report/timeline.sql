-- Entries over the covered part of the window in 72 steps of equal length, by how grave they are.
-- What an engine counted by the minute stands in the step of its first entry.
-- Grain: window, step, grade that has entries. `from_ns` to `to_ns` is what the steps cover.
-- grain: window_id, step, grade
with

entry_counts as (
    select
        raw.source_id,
        raw.entry_at as first_at,
        raw.entry_at as last_at,
        effective_severity(raw.severity, raw.level, raw.level_source, source.log_id) as effective_severity,
        1 as entry_count
    from raw_entries as raw
    inner join sources as source on raw.source_id = source.source_id
    where raw.entry_at >= make_timestamp_ns($from_ns)
        and raw.entry_at < make_timestamp_ns($to_ns)
    union all
    select
        source_id,
        first_at,
        last_at,
        effective_severity(severity, level, null, null) as effective_severity,
        entry_count
    from counted_entries
    where minute_ns >= $from_ns
        and minute_ns < $to_ns
),

inside as (
    select
        span.window_id,
        epoch_ns(raw.first_at) as entry_ns,
        epoch_ns(raw.last_at) as last_ns,
        raw.entry_count,
        case
            when raw.effective_severity >= 'CRITICAL'::severity_name then 'critical'
            when raw.effective_severity = 'ERROR' then 'error'
            when raw.effective_severity = 'WARNING' then 'warning'
            when raw.effective_severity = 'NOTICE' then 'notice'
            else 'info'
        end as grade
    from entry_counts as raw
    inner join identified_sources as source using (source_id)
    inner join windows as span
        on is_in_window(span, source.service, source.revision, epoch_ns(raw.first_at))
),

covered as (
    select
        window_id,
        min(entry_ns) as from_ns,
        max(last_ns) + 1 as to_ns
    from inside
    group by window_id
)

select
    inside.window_id,
    ((inside.entry_ns - covered.from_ns)::hugeint * 72 // (covered.to_ns - covered.from_ns))::int as step,
    inside.grade,
    sum(inside.entry_count)::bigint as entry_count,
    any_value(covered.from_ns) as from_ns,
    any_value(covered.to_ns) as to_ns
from inside
inner join covered using (window_id)
group by all
order by step, grade
