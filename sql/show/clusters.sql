-- Clusters of each service's longest window in the order of worklogs, with their state in the shortest: what is not
-- in it is quiet. Grain: cluster.
-- grain: service, cluster_id
with

ranked as (
    select
        *,
        row_number() over (partition by service order by to_ns - from_ns desc, window_id asc) as longest,
        row_number() over (partition by service order by to_ns - from_ns, window_id) as shortest
    from windows
)

select
    span.service,
    cluster.cluster_number,
    cluster.priority,
    coalesce(latest.state, 'quiet') as state,
    cluster.effective_severity::varchar as severity,
    cluster.entry_count,
    cluster.instance_count,
    cluster.first_ns,
    cluster.last_ns,
    cluster.name,
    cluster.lead_id as cluster_id,
    members.pattern_count,
    bars.counts
from clusters as cluster
inner join ranked as span on cluster.window_id = span.window_id and span.longest = 1
inner join ranked as latest_span on span.service = latest_span.service and latest_span.shortest = 1
left join (
    select window_id, cluster_id, any_value(state order by cluster_number) as state from clusters group by all
) as latest on latest_span.window_id = latest.window_id and cluster.cluster_id = latest.cluster_id
inner join (
    select window_id, lead_id, count(*) as pattern_count from cluster_patterns group by all
) as members on cluster.window_id = members.window_id and cluster.lead_id = members.lead_id
inner join cluster_bars as bars
    on cluster.window_id = bars.window_id and cluster.lead_id = bars.lead_id
order by min(cluster.priority) over (partition by span.service) asc, span.service asc, cluster.cluster_number asc
