-- Entries of each cluster over the spans of its service, zeros too, for lines of at most 60 bars.
-- Grain: service, cluster. `spans_a_bar` says how many spans a bar holds.
-- grain: service, cluster_id
with

grid as (
    select
        cluster.service,
        cluster.cluster_id,
        span.span_number,
        row_number() over (partition by cluster.service, cluster.cluster_id order by span.span_number) - 1 as place,
        (count(*) over (partition by cluster.service, cluster.cluster_id) + 59) // 60 as spans_a_bar
    from (select distinct service, cluster_id from cluster_days) as cluster
    inner join spans as span
        on span.service is null
        or cluster.service = span.service
),

bars as (
    select
        grid.service,
        grid.cluster_id,
        grid.place // grid.spans_a_bar as bar,
        any_value(grid.spans_a_bar) as spans_a_bar,
        min(grid.span_number) as first_number,
        max(grid.span_number) as last_number,
        list(day.state_before_end order by grid.span_number)
            filter (day.state_before_end in ('new', 'regression', 'escalating'))[1] as turn,
        coalesce(sum(day.entry_count), 0)::bigint as entry_count
    from grid
    left join cluster_days as day using (service, cluster_id, span_number)
    group by all
)

select
    service,
    cluster_id,
    any_value(spans_a_bar) as spans_a_bar,
    list(entry_count order by bar) as counts,
    list(first_number order by bar) as first_numbers,
    list(last_number order by bar) as last_numbers,
    list(coalesce(turn, '') order by bar) as turns,
    max(entry_count) as greatest_count
from bars
group by service, cluster_id
order by service, cluster_id
