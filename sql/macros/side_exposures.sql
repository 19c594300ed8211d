-- How much each side had the chance to show, for entries of each severity: as requests, as minutes of instances, as
-- starts, as seconds. Grain: pair, side, severity. Where a severity was cut by the collection, only its covered time
-- counts.
-- grain: pair_id, is_target, severity
with

sides as (
    from pair_sides(pairs)
),

minutes as (
    select
        side.pair_id,
        side.service,
        side.is_target,
        epoch_ns(minute.minute) as minute_ns,
        sum(minute.request_count)::bigint as request_count,
        sum(minute.success_count)::bigint as success_count,
        sum(minute.instance_count)::bigint as instance_count
    from sides as side
    inner join revision_minutes as minute
        on is_on_side(side, minute.service, minute.revision, epoch_ns(minute.minute))
    group by all
),

totals as (
    select
        pair_id,
        is_target,
        count(*) as minute_count,
        sum(request_count)::bigint as request_count,
        sum(success_count)::bigint as success_count,
        sum(instance_count)::bigint as instance_minutes
    from minutes
    group by all
),

missing as (
    select
        minutes.pair_id,
        minutes.is_target,
        gap.severity,
        count(*) filter (gap.missing_ns > 30_000_000_000) as minute_count,
        sum(minutes.request_count * gap.missing_ns / 6e10) as request_count,
        sum(minutes.instance_count * gap.missing_ns / 6e10) as instance_minutes
    from minutes
    inner join uncovered_minutes as gap using (service, minute_ns)
    group by all
),

begun as (
    select
        side.pair_id,
        side.is_target,
        side.service,
        epoch_ns(start.first_at) // 60_000_000_000 * 60_000_000_000 as minute_ns,
        count(*) as start_count
    from sides as side
    inner join starts as start
        on is_on_side(side, start.service, start.revision, epoch_ns(start.first_at))
    group by all
),

starts_missing as (
    select
        begun.pair_id,
        begun.is_target,
        gap.severity,
        sum(begun.start_count)::bigint as start_count
    from begun
    inner join uncovered_minutes as gap using (service, minute_ns)
    where gap.missing_ns > 30_000_000_000
    group by all
),

seconds as (
    select
        side.pair_id,
        side.is_target,
        span.severity,
        sum(least(span.to_ns, side.to_ns) - greatest(span.from_ns, side.from_ns)) / 1e9 as second_count
    from (select distinct pair_id, service, is_target, from_ns, to_ns from sides) as side
    inner join severity_spans as span
        on side.service = span.service
        and span.from_ns < side.to_ns
        and span.to_ns > side.from_ns
    group by all
)

select
    totals.pair_id,
    totals.is_target,
    seconds.severity,
    totals.minute_count - coalesce(missing.minute_count, 0) as minute_count,
    totals.success_count,
    round(totals.request_count - coalesce(missing.request_count, 0), 3) as request_count,
    round(totals.instance_minutes - coalesce(missing.instance_minutes, 0), 3) as instance_minutes,
    coalesce(begun.start_count, 0) - coalesce(starts_missing.start_count, 0) as start_count,
    round(seconds.second_count, 3) as second_count
from totals
inner join seconds using (pair_id, is_target)
left join missing using (pair_id, is_target, severity)
left join (select pair_id, is_target, sum(start_count)::bigint as start_count from begun group by all) as begun
    using (pair_id, is_target)
left join starts_missing using (pair_id, is_target, severity)
