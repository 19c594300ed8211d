-- Each window of a cluster's life, for the cluster's page. Grain: service, cluster, window, newest first.
-- grain: service, cluster_id, span_number
select
    day.service,
    day.cluster_id,
    day.span_number,
    day.focus,
    day.name,
    day.priority,
    day.severity,
    day.state,
    day.entry_count
from cluster_days as day
order by day.service asc, day.cluster_id asc, day.span_number desc
