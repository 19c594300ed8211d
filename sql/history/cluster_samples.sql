-- The entry that the last worklog with a cluster shows for it. Grain: service, cluster.
-- grain: service, cluster_id
select
    kept.window_service as service,
    cluster.cluster_id,
    kept.* exclude (entry_at, received_at, entry_key, window_service, window_revision, window_from_at, window_to_at),
    if(kept.line = 0, kept.file, regexp_extract(kept.file, '[^/\\]+$')) as file_name,
    strftime(kept.entry_at, '%Y-%m-%dT%H:%M:%S') || rtrim(rtrim(
        '.' || lpad((epoch_ns(kept.entry_at) % 1_000_000_000)::varchar, 9, '0'), '0'
    ), '.') || 'Z' as timestamp
from kept_samples as kept
inner join pattern_clusters as cluster on kept.window_service = cluster.service and kept.lead_id = cluster.pattern_id
qualify row_number() over (
    partition by kept.window_service, cluster.cluster_id order by kept.window_to_at desc, kept.lead_id asc
) = 1
order by kept.window_service, cluster.cluster_id
