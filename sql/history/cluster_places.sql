-- In which revisions a cluster was seen, oldest first. Grain: service, cluster, revision.
-- grain: service, cluster_id, revision
select
    entry.service,
    cluster.cluster_id,
    entry.revision,
    count(*) as entry_count,
    count(distinct entry.instance_id) as instance_count,
    min(entry.entry_ns) as first_ns,
    max(entry.entry_ns) as last_ns
from ranked_entries as entry
inner join pattern_clusters as cluster using (service, pattern_id)
where entry.entry_ns >= $from_ns
    and entry.entry_ns < $to_ns
group by all
order by entry.service, cluster.cluster_id, first_ns, entry.revision
