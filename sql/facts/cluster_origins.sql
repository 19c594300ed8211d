-- The revisions in which a cluster is first and last seen, and which of the ten before and after would have shown it.
-- Grain: service, cluster that any revision shows.
-- A revision would have shown it where three occurrences or more were to be expected (of none there is then a chance of
-- 5 % at most, the rule of three) at the share of starts, of hours, or of minutes that it has in those that show it. A
-- start counts where its instance is seen for as long as it ever took. Minutes count where it is in half of them, for
-- an outage of some minutes is one occurrence. What was not collected of its severity does not count.
-- grain: service, cluster_id
with

severities as (
    select
        cluster.service,
        cluster.cluster_id,
        max(minute.severity) as severity
    from pattern_clusters as cluster
    inner join pattern_minutes as minute
        on cluster.service = minute.service
        and cluster.pattern_id = minute.pattern_id
    where cluster.is_lead
    group by all
),

seen as (
    select
        shown.service,
        shown.cluster_id,
        any_value(severities.severity) as severity,
        min(shown.place) as first_place,
        max(shown.place) as last_place,
        arg_min(shown.revision, shown.place) as first_revision,
        arg_max(shown.revision, shown.place) as last_revision,
        min(shown.first_at) as first_at,
        max(shown.last_at) as last_at,
        count(*) as revision_count,
        least(sum(shown.instance_count) / nullif(sum(shown.start_count), 0), 1.0) as start_share,
        max(shown.greatest_lag_ns) as greatest_lag_ns,
        sum(shown.hour_count) / sum(shown.active_hours) as hour_share,
        sum(shown.minute_count) / sum(shown.active_minutes) as minute_share
    from cluster_revisions as shown
    inner join severities
        on shown.service = severities.service
        and shown.cluster_id = severities.cluster_id
    group by all
),

others as (
    select
        seen.service,
        seen.cluster_id,
        life.revision,
        life.place,
        life.place < seen.first_place as is_before,
        greatest(life.active_minutes - coalesce(life.uncovered[seen.severity::varchar], 0), 0) as collected_minutes,
        collected_minutes / life.active_minutes as collected_share,
        len(list_filter(life.lives_ns, lambda life_ns: life_ns >= seen.greatest_lag_ns)) as long_starts,
        greatest(
            coalesce(seen.start_share * long_starts * collected_share, 0),
            seen.hour_share * life.active_hours * collected_share,
            if(seen.minute_share >= 0.5, seen.minute_share * collected_minutes, 0)
        ) >= 3 as would_show
    from seen
    inner join revision_lives as life
        on seen.service = life.service
        and (
            life.place between seen.first_place - 10 and seen.first_place - 1
            or life.place between seen.last_place + 1 and seen.last_place + 10
        )
),

counted as (
    select
        service,
        cluster_id,
        list(revision order by place desc) filter (is_before and would_show) as absent_before,
        count(*) filter (is_before and not would_show) as unknown_before,
        max(place) filter (is_before and would_show) as absent_place,
        count(*) filter (is_before and collected_minutes = 0) as uncollected_before,
        list(revision order by place) filter (not is_before and would_show) as absent_after,
        count(*) filter (not is_before and not would_show) as unknown_after
    from others
    group by all
)

select
    seen.service,
    seen.cluster_id,
    seen.severity,
    seen.first_revision,
    seen.first_at,
    seen.last_revision,
    seen.last_at,
    seen.revision_count,
    seen.start_share,
    seen.hour_share,
    seen.minute_share,
    coalesce(counted.absent_before, []) as absent_before,
    coalesce(counted.unknown_before, 0) as unknown_before,
    coalesce(counted.uncollected_before, 0) as uncollected_before,
    seen.first_place - counted.absent_place - 1 as unknown_between,
    coalesce(counted.absent_after, []) as absent_after,
    coalesce(counted.unknown_after, 0) as unknown_after
from seen
left join counted
    on seen.service = counted.service
    and seen.cluster_id = counted.cluster_id
