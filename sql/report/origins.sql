-- Since which revision a cluster is seen, and until which, as far as the window's end lets tell. Grain: window, cluster
-- of a service with several revisions by then.
-- grain: window_id, lead_id
select
    state.window_id,
    state.lead_id,
    origin.first_revision,
    epoch_ns(origin.first_at) as first_ns,
    origin.absent_before,
    origin.unknown_before,
    origin.uncollected_before,
    origin.unknown_between,
    newest.revision as newest_revision,
    origin.last_revision,
    epoch_ns(origin.last_at) as last_ns,
    -- what came after the window is not known in it
    if(newest.last_ns < span.to_ns, origin.absent_after, []) as absent_after,
    epoch_ns(origin.last_at) < span.to_ns
        and origin.last_revision <> newest.revision
        and newest.active_minutes > coalesce(newest.uncovered[origin.severity::varchar], 0) as is_not_in_newest
from cluster_states as state
inner join windows as span using (window_id)
inner join cluster_origins as origin
    on span.service = origin.service
    and state.cluster_id = origin.cluster_id
    and epoch_ns(origin.first_at) < span.to_ns
inner join (
    select
        span.window_id,
        arg_max(life.revision, life.place) as revision,
        arg_max(life.active_minutes, life.place) as active_minutes,
        arg_max_null(life.uncovered, life.place) as uncovered,
        max(epoch_ns(life.last_at)) as last_ns
    from windows as span
    inner join revision_lives as life
        on span.service = life.service
        and epoch_ns(life.first_at) < span.to_ns
    group by span.window_id
    having count(*) > 1
) as newest using (window_id)
