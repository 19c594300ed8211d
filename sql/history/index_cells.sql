-- Entries of each cluster in every span of its service, zeros too, for lines of bars. Grain: service, cluster.
with

grid as (
    select
        cluster.service,
        cluster.cluster_id,
        span.span_number
    from (select distinct service, cluster_id from cluster_days) as cluster
    inner join spans as span
        on span.service is null
        or span.service = cluster.service
)

select
    grid.service,
    grid.cluster_id,
    list(coalesce(day.entry_count, 0) order by grid.span_number) as counts,
    list(coalesce(day.state, '') order by grid.span_number)[-14:] as last_states
from grid
left join cluster_days as day using (service, cluster_id, span_number)
group by grid.service, grid.cluster_id
order by grid.service, grid.cluster_id
