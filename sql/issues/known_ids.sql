-- Every id by which an issue may name a cluster: its own, those of its patterns, and what either was called before.
-- Grain: service, id.
-- grain: service, known_id
with

named as (
    select
        service,
        pattern_id as known_id,
        cluster_id,
        (pattern_id <> cluster_id)::int as distance
    from pattern_clusters
    union all
    select
        cluster.service,
        alias.old_id,
        cluster.cluster_id,
        2 as distance
    from pattern_aliases as alias
    inner join pattern_clusters as cluster using (pattern_id)
)

select
    service,
    known_id,
    arg_min(cluster_id, (distance, cluster_id)) as cluster_id
from named
group by all
