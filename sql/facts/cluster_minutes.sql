-- When clusters were seen. Grain: service, cluster, minute. `hours_so_far` (those that hold any) and `entries_so_far`
-- add up to this minute and with it, so that what was known at any time is one row away.
-- grain: service, cluster_id, minute_ns
with

counted as (
    select
        entry.service,
        cluster.cluster_id,
        entry.entry_ns // 60_000_000_000 * 60_000_000_000 as minute_ns,
        count(*) as entry_count,
        count(*) filter (entry.event_id is null) + count(distinct entry.event_id) as event_count,
        max(entry.revision) as revision
    from ranked_entries as entry
    inner join pattern_clusters as cluster using (service, pattern_id)
    group by all
)

select
    *,
    dense_rank() over (
        partition by service, cluster_id order by minute_ns // 3_600_000_000_000
    ) as hours_so_far,
    sum(entry_count) over in_time as entries_so_far
from counted
window in_time as (partition by service, cluster_id order by minute_ns)
