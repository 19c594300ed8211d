-- The patterns that a cluster is made of, the leading one first. Grain: service, cluster, pattern.
-- grain: service, cluster_id, pattern_id
select
    cluster.service,
    cluster.cluster_id,
    cluster.pattern_id,
    cluster.is_lead,
    cluster.reason,
    trait.template,
    trait.entry_count,
    trait.effective_severity::varchar as severity
from pattern_clusters as cluster
inner join pattern_traits as trait using (service, pattern_id)
order by
    cluster.service asc,
    cluster.cluster_id asc,
    not cluster.is_lead asc,
    trait.entry_count desc,
    cluster.pattern_id asc
