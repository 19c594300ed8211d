-- How clusters show in the revisions that show them. Grain: service, cluster, revision. `greatest_lag_ns` is how long
-- after its first entry an instance showed it at the latest.
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
        count(distinct epoch_ns(minute.minute) // 3_600_000_000_000) as hour_count,
        min(minute.first_at) as first_at,
        max(minute.last_at) as last_at
    from members as member
    inner join pattern_minutes as minute
        on member.service = minute.service
        and member.pattern_id = minute.pattern_id
    where minute.revision <> ''
    group by all
),

first_entries as (
    select
        member.service,
        member.cluster_id,
        entry.revision,
        entry.instance_id,
        min(entry.entry_ns) as first_ns
    from members as member
    inner join ranked_entries as entry
        on member.service = entry.service
        and member.pattern_id = entry.pattern_id
    where entry.instance_id is not null
    group by all
),

instances as (
    select
        entry.service,
        entry.cluster_id,
        entry.revision,
        count(*) as instance_count,
        max(entry.first_ns - epoch_ns(start.first_at)) as greatest_lag_ns
    from first_entries as entry
    left join starts as start
        on entry.service = start.service
        and entry.instance_id = start.instance_id
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
    counts.hour_count,
    coalesce(instances.instance_count, 0) as instance_count,
    instances.greatest_lag_ns,
    life.start_count,
    life.active_minutes,
    life.active_hours,
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
