-- Clusters that are gone since this window. Grain: window, cluster over the archive.
-- grain: window_id, cluster_id
select
    window_id,
    cluster_id,
    name,
    last_ns,
    active_hours,
    entry_count,
    quiet_minutes
from resolved_clusters
order by entry_count desc, cluster_id asc
