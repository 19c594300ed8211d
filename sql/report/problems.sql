-- The most urgent clusters by revision: the last six revisions up to the window's end, each with what it shows and what
-- it had the chance to show. Grain: window with two revisions or more, cluster.
-- grain: window_id, cluster_number
with

latest as (
    select
        span.window_id,
        span.service,
        life.revision,
        life.place,
        life.start_count,
        life.active_minutes,
        life.uncovered,
        count(*) over (partition by span.window_id) as revision_count
    from windows as span
    inner join revision_lives as life
        on span.service = life.service
        and epoch_ns(life.first_at) < span.to_ns
    qualify row_number() over (partition by span.window_id order by life.place desc) <= 6
)

select
    cluster.window_id,
    cluster.cluster_number,
    cluster.name,
    any_value(latest.revision_count) as revision_count,
    list({
        revision: latest.revision,
        entry_count: coalesce(seen.entry_count, 0),
        instance_count: coalesce(seen.instance_count, 0),
        start_count: latest.start_count,
        active_minutes: latest.active_minutes,
        is_collected: seen.entry_count is not null
            or latest.active_minutes > coalesce(latest.uncovered[origin.severity::varchar], 0)
    } order by latest.place) as cells
from clusters as cluster
inner join cluster_states as state using (window_id, lead_id)
inner join latest using (window_id)
inner join cluster_origins as origin
    on latest.service = origin.service
    and state.cluster_id = origin.cluster_id
left join cluster_revisions as seen
    on latest.service = seen.service
    and state.cluster_id = seen.cluster_id
    and latest.revision = seen.revision
where latest.revision_count > 1
    and cluster.cluster_number <= 12
group by cluster.window_id, cluster.cluster_number, cluster.name
order by cluster.cluster_number
