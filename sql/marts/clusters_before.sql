-- The clusters of the last worklog of the same service that ends before a window does. Grain: window, cluster. Ids that
-- have changed since are followed.
-- grain: window_id, cluster_id
with

last_windows as (
    select
        span.window_id,
        span.service,
        span.revision is not null as is_of_revision,
        max(kept.window_to_at) as window_to_at
    from windows as span
    inner join kept_clusters as kept
        on span.service = kept.window_service
        and (span.revision is null) = (kept.window_revision is null)
        and epoch_ns(kept.window_to_at) < span.to_ns
    group by all
)

select
    last_windows.window_id,
    kept.* exclude (window_service, window_revision, cluster_id),
    coalesce(alias.pattern_id, kept.cluster_id) as cluster_id
from last_windows
inner join kept_clusters as kept
    on last_windows.service = kept.window_service
    and last_windows.is_of_revision = (kept.window_revision is not null)
    and last_windows.window_to_at = kept.window_to_at
left join pattern_aliases as alias on kept.cluster_id = alias.old_id
-- of several windows with one end the longest
qualify kept.window_from_at = min(kept.window_from_at) over (partition by last_windows.window_id)
    and row_number() over (
        partition by last_windows.window_id, coalesce(alias.pattern_id, kept.cluster_id)
        order by kept.cluster_number
    ) = 1
