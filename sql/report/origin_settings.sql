-- The settings that the revision which introduced a cluster changed, against the last one before it that would have
-- shown the cluster, where something is known of both. Grain: window, cluster.
-- grain: window_id, lead_id
with

introduced as (
    select
        state.window_id,
        state.lead_id,
        span.service,
        origin.absent_before[1] as base_revision,
        origin.first_revision as target_revision
    from cluster_states as state
    inner join windows as span on state.window_id = span.window_id
    inner join cluster_origins as origin
        on span.service = origin.service
        and state.cluster_id = origin.cluster_id
        and epoch_ns(origin.first_at) < span.to_ns
    where len(origin.absent_before) > 0
),

pairs as (
    select
        service,
        base_revision,
        target_revision,
        row_number() over (order by service, base_revision, target_revision) as pair_id
    from (select distinct service, base_revision, target_revision from introduced) as known
)

select
    introduced.window_id,
    introduced.lead_id,
    settings.settings_changed
from introduced
inner join pairs
    on introduced.service = pairs.service
    and introduced.base_revision = pairs.base_revision
    and introduced.target_revision = pairs.target_revision
inner join compare_settings((select list(pairs) from pairs)) as settings
    on pairs.pair_id = settings.pair_id
where len(settings.settings_changed) > 0
order by introduced.window_id, introduced.lead_id
