-- Entries of a cluster by the hour of the day, UTC, zeros too. Grain: one row. Parameters: service, cluster_id.
-- grain: none (one row)
select list(coalesce(hours.entry_count, 0) order by day.hour) as counts
from (select unnest(range(24)) as hour) as day
left join (
    select
        hour % 24 as hour,
        sum(entry_count)::bigint as entry_count
    from cluster_hours
    where service = $service
        and cluster_id = $cluster_id
    group by all
) as hours using (hour)
