-- Entries of clusters by the hour. Grain: service, cluster, hour.
-- grain: service, cluster_id, hour
select
    service,
    cluster_id,
    minute_ns // 3_600_000_000_000 as hour,
    sum(entry_count)::bigint as entry_count,
    sum(event_count)::bigint as event_count
from cluster_minutes
group by all
