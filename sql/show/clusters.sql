-- Clusters of the windows in the order of worklogs. Grain: window, cluster.
select
    cluster.window_id,
    span.service,
    cluster.cluster_number,
    cluster.priority,
    cluster.state,
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
inner join windows as span using (window_id)
inner join (
    select window_id, lead_id, count(*) as pattern_count from cluster_patterns group by all
) as members using (window_id, lead_id)
inner join cluster_bars as bars using (window_id, lead_id)
order by span.service, cluster.cluster_number
