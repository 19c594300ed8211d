-- A cluster's entries over the covered part of the window in 40 steps of equal length, for a line of bars.
-- Grain: window, cluster.
-- grain: window_id, lead_id
with

covered as (
    select
        span.window_id,
        epoch_ns(min(minute.first_at)) as from_ns,
        epoch_ns(max(minute.last_at)) + 1 as to_ns
    from pattern_minutes as minute
    inner join windows as span
        on is_in_window(span, minute.service, minute.revision, epoch_ns(minute.minute))
    group by all
),

counted as (
    select
        entry.window_id,
        entry.lead_id,
        ((entry.entry_ns - covered.from_ns)::hugeint * 40 // (covered.to_ns - covered.from_ns))::int as step,
        count(*) as entry_count
    from cluster_entries as entry
    inner join covered using (window_id)
    group by all
)

select
    window_id,
    lead_id,
    map_from_entries(list((step, entry_count))) as by_step,
    list_transform(range(40), lambda step: coalesce(by_step[step::int], 0)) as counts
from counted
group by all
