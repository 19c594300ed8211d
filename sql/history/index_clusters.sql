-- The life of each cluster over the history. Grain: service, cluster. A turn begins a run of windows in one state, ends
-- within a window left aside; the name is the one of most windows.
-- grain: service, cluster_id
with

days as (
    select
        *,
        count(*) over (partition by service, cluster_id, name) as name_count,
        (state_before_end is distinct from lag(state_before_end) over (
            partition by service, cluster_id order by span_number
        )) as is_turn
    from cluster_days
)

select
    day.service,
    day.cluster_id,
    arg_max(day.name, (day.name_count, day.name)) as name,
    min(day.priority) as priority,
    arg_max(day.state, day.span_number) as last_state,
    sum(day.entry_count)::bigint as entry_count,
    count(*) filter (day.entry_count > 0) as day_count,
    min(day.span_number) filter (day.entry_count > 0) as first_number,
    max(day.span_number) filter (day.entry_count > 0) as last_number,
    list({span_number: day.span_number, focus: day.focus, state: day.state_before_end} order by day.span_number)
        filter (day.is_turn and day.state_before_end in ('new', 'regression', 'escalating', 'resolved')) as turns
from days as day
inner join spans as span using (span_number)
where span.service is null
    or span.service = day.service
group by day.service, day.cluster_id
order by day.service asc, priority asc nulls last, entry_count desc, day.cluster_id asc
