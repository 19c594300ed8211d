-- The clusters of a day (UTC) with the most entries.
-- Grain: service, cluster. Every pattern of the cluster counts.
-- param day = (select max(minute)::date from pattern_minutes): the day, such as 2025-09-14; else the last one
select
    sum(minute.entry_count)::bigint as entry_count,
    max(minute.effective_severity) as severity,
    cluster.cluster_id,
    coalesce(any_value(lead.rule_name), any_value(lead.template)) as name,
    minute.service,
    count(distinct minute.pattern_id) as pattern_count,
    min(minute.first_at) as first_at,
    max(minute.last_at) as last_at
from pattern_minutes as minute
inner join pattern_clusters as cluster
    on minute.service is not distinct from cluster.service and minute.pattern_id = cluster.pattern_id
left join pattern_traits as lead
    on cluster.service is not distinct from lead.service and cluster.cluster_id = lead.pattern_id
where minute.minute::date = $day::date
group by minute.service, cluster.cluster_id
order by entry_count desc, minute.service asc, cluster.cluster_id asc
