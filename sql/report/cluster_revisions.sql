-- In which revisions a cluster is seen. Grain: window, cluster, revision.
-- grain: window_id, lead_id, revision
select
    window_id,
    lead_id,
    revision,
    count(*) as entry_count,
    count(distinct instance_id) as instance_count,
    min(entry_ns) as first_ns,
    max(entry_ns) as last_ns
from cluster_entries
where revision <> ''
group by all
order by first_ns, revision
