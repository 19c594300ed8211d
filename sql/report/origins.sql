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
    origin.last_revision,
    epoch_ns(origin.last_at) as last_ns,
    -- what came after the window is not known in it
    if(lives.last_ns < span.to_ns, origin.absent_after, []) as absent_after
from cluster_states as state
inner join windows as span using (window_id)
inner join cluster_origins as origin
    on span.service = origin.service
    and state.cluster_id = origin.cluster_id
    and epoch_ns(origin.first_at) < span.to_ns
inner join (
    select service, max(epoch_ns(last_at)) as last_ns
    from revision_lives
    group by service
) as lives on span.service = lives.service
where (
    select count(*)
    from revision_lives as life
    where life.service = span.service
        and epoch_ns(life.first_at) < span.to_ns
) > 1
