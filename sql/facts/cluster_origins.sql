-- The revisions in which a cluster is first and last seen, and what the ten before and after tell of it. A revision
-- would have shown it where a share of starts or of minutes as in those that show it would miss it by chance 5 times in
-- 100 or less, and where its severity was collected. Grain: service, cluster that any revision shows.
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
        -- what no start shows is left aside
        least(sum(shown.instance_count) / nullif(sum(shown.start_count), 0), 1.0) as start_share,
        least(sum(shown.minute_count) / sum(shown.active_minutes), 1.0) as minute_share
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
        life.first_at,
        life.last_at,
        greatest(life.active_minutes - coalesce(life.uncovered[seen.severity::varchar], 0), 0) as collected_minutes,
        -- of starts as of minutes, what was collected
        life.start_count * collected_minutes / life.active_minutes as collected_starts,
        least(
            power(1 - coalesce(seen.start_share, 0), collected_starts),
            power(1 - seen.minute_share, collected_minutes)
        ) <= 0.05 as would_show
    from seen
    inner join revision_lives as life
        on seen.service = life.service
        and (
            life.place between seen.first_place - 10 and seen.first_place - 1
            or life.place between seen.last_place + 1 and seen.last_place + 10
        )
),

told as (
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
    seen.minute_share,
    coalesce(told.absent_before, []) as absent_before,
    coalesce(told.unknown_before, 0) as unknown_before,
    coalesce(told.uncollected_before, 0) as uncollected_before,
    seen.first_place - told.absent_place - 1 as unknown_between,
    coalesce(told.absent_after, []) as absent_after,
    coalesce(told.unknown_after, 0) as unknown_after
from seen
left join told
    on seen.service = told.service
    and seen.cluster_id = told.cluster_id
