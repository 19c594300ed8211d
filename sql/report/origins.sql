-- Since which revision a cluster is seen, and until which, as far as the window's end lets tell. Grain: window, cluster
-- of a service with several revisions by then. `healthy_revisions` are those before it that would have shown it and
-- show no cluster of P0, the latest first; `also_failing` are earlier revisions that show a cluster of P0, in the same
-- order.
-- grain: window_id, lead_id
with

critical as (
    select
        cluster.window_id,
        shown.service,
        list(distinct shown.revision) as revisions
    from clusters as cluster
    inner join windows as span using (window_id)
    inner join cluster_revisions as shown
        on span.service = shown.service
        and cluster.cluster_id = shown.cluster_id
    where cluster.priority = 'P0'
    group by cluster.window_id, shown.service
)

select
    state.window_id,
    state.lead_id,
    origin.first_revision,
    epoch_ns(origin.first_at) as first_ns,
    origin.absent_before,
    origin.unknown_before,
    origin.uncollected_before,
    origin.unknown_between,
    list_filter(
        origin.absent_before, lambda revision: not list_contains(coalesce(critical.revisions, []), revision)
    ) as healthy_revisions,
    healthy_revisions[1] as healthy_revision,
    coalesce(earlier.also_failing, []) as also_failing,
    newest.revision as newest_revision,
    origin.last_revision,
    epoch_ns(origin.last_at) as last_ns,
    -- what came after the window is not known in it
    if(newest.last_ns < span.to_ns, origin.absent_after, []) as absent_after,
    epoch_ns(origin.last_at) < span.to_ns
        and origin.last_revision <> newest.revision
        and newest.active_minutes > coalesce(newest.uncovered[origin.severity::varchar], 0) as is_not_in_newest
from cluster_states as state
inner join windows as span on state.window_id = span.window_id
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
) as newest on state.window_id = newest.window_id
left join critical on state.window_id = critical.window_id
left join (
    select
        critical.window_id,
        state.lead_id,
        list(life.revision order by life.place desc) as also_failing
    from critical
    inner join cluster_states as state using (window_id)
    inner join revision_lives as life
        on critical.service = life.service
        and list_contains(critical.revisions, life.revision)
    inner join cluster_origins as origin
        on critical.service = origin.service
        and state.cluster_id = origin.cluster_id
    inner join revision_lives as last_life
        on critical.service = last_life.service
        and origin.last_revision = last_life.revision
        and life.place < last_life.place
    group by critical.window_id, state.lead_id
) as earlier
    on state.window_id = earlier.window_id and state.lead_id = earlier.lead_id
