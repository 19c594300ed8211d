-- How clusters show in the revisions that show them. Grain: service, cluster, revision.
-- grain: service, cluster_id, revision
with

members as (
    select service, pattern_id, cluster_id
    from pattern_clusters
),

counts as (
    select
        member.service,
        member.cluster_id,
        minute.revision,
        sum(minute.entry_count)::bigint as entry_count,
        sum(minute.event_count)::bigint as event_count,
        count(distinct minute.minute) as minute_count,
        min(minute.first_at) as first_at,
        max(minute.last_at) as last_at
    from members as member
    inner join pattern_minutes as minute
        on member.service = minute.service
        and member.pattern_id = minute.pattern_id
    where minute.revision <> ''
    group by all
),

instances as (
    select
        member.service,
        member.cluster_id,
        entry.revision,
        count(distinct entry.instance_id) as instance_count
    from members as member
    inner join ranked_entries as entry
        on member.service = entry.service
        and member.pattern_id = entry.pattern_id
    group by all
)

select
    counts.service,
    counts.cluster_id,
    counts.revision,
    life.place,
    counts.entry_count,
    counts.event_count,
    counts.minute_count,
    coalesce(instances.instance_count, 0) as instance_count,
    life.start_count,
    life.active_minutes,
    counts.first_at,
    counts.last_at
from counts
inner join revision_lives as life
    on counts.service = life.service
    and counts.revision = life.revision
left join instances
    on counts.service = instances.service
    and counts.cluster_id = instances.cluster_id
    and counts.revision = instances.revision
