-- What changed since the last worklog of the service. Grain: window, cluster of either that changed.
-- grain: window_id, cluster_number, number_before
with

paired as (
    select
        coalesce(now.window_id, before.window_id) as window_id,
        coalesce(now.name, before.name) as name,
        now.cluster_number,
        before.cluster_number as number_before,
        now.priority,
        before.priority as priority_before,
        now.state,
        before.state as state_before,
        now.entry_count,
        before.entry_count as count_before,
        case
            when before.cluster_id is null and now.state_before_end = 'regression' then 'back'
            when before.cluster_id is null then 'added'
            when now.cluster_id is null then 'gone'
            when now.priority < before.priority then 'up'
            when now.priority > before.priority then 'down'
            when now.state <> before.state then 'state'
            when now.cluster_number <> before.cluster_number then 'rank'
        end as change
    from clusters as now
    full join clusters_before as before
        on now.window_id = before.window_id and now.cluster_id = before.cluster_id
)

select paired.*
from paired
-- without a worklog before, nothing is new
semi join clusters_before using (window_id)
where change is not null
order by
    change = 'rank',
    coalesce(priority, priority_before),
    list_position(['back', 'added', 'up', 'down', 'state', 'gone'], change),
    coalesce(cluster_number, number_before)
