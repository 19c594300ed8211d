-- Both sides of each pattern, or each problem, beside one another, with exposure and dispersion. Grain: pair, subject.
-- Parameter: subject (see `side_minutes`). A stretch is minutes that hold any with pauses of at most a quarter of an
-- hour; `target_stretch_minutes` is how long all of them take.
-- grain: pair_id, pattern_id
with

exposures as (
    from pair_exposures(pairs)
),

counted as (
    select
        pair_id,
        any_value(service) as service,
        pattern_id,
        any_value(basis) as counted_on,
        any_value(collected_severity) as collected_severity,
        max(effective_severity) filter (not is_target) as base_severity,
        max(effective_severity) filter (is_target) as target_severity,
        coalesce(sum(event_count) filter (not is_target), 0)::bigint as base_count,
        coalesce(sum(event_count) filter (is_target), 0)::bigint as target_count,
        count(*) filter (not is_target and event_count > 0) as base_minutes,
        count(*) filter (is_target and event_count > 0) as target_minutes,
        max(last_ns) filter (not is_target) - min(first_ns) filter (not is_target) as base_span_ns,
        max(last_ns) filter (is_target) - min(first_ns) filter (is_target) as target_span_ns,
        max(last_ns) filter (is_target) as target_last_ns,
        max(greatest_instance) filter (not is_target) <> min(smallest_instance) filter (not is_target)
            as is_base_spread,
        max(greatest_instance) filter (is_target) <> min(smallest_instance) filter (is_target)
            as is_target_spread
    from side_minutes(pairs, least_severity, subject)
    group by pair_id, pattern_id
),

stretches as (
    select
        pair_id,
        pattern_id,
        count(*) filter (pause_ns is null) as target_stretches,
        (count(*) filter (pause_ns is null) + coalesce(sum(pause_ns) // 60_000_000_000, 0))::bigint
            as target_stretch_minutes
    from (
        select
            pair_id,
            pattern_id,
            minute_ns - lag(minute_ns) over (partition by pair_id, pattern_id order by minute_ns) as gap_ns,
            if(gap_ns <= 900_000_000_000, gap_ns, null) as pause_ns
        from side_minutes(pairs, least_severity, subject)
        where is_target
            and event_count > 0
    ) as minutes
    group by pair_id, pattern_id
),

-- entries that carry nothing to tell them by: any pattern may be among them
blanks as (
    select
        side.pair_id,
        minute.severity,
        coalesce(sum(minute.entry_count) filter (not side.is_target), 0)::bigint as base_blanks,
        coalesce(sum(minute.entry_count) filter (side.is_target), 0)::bigint as target_blanks
    from pair_sides(pairs) as side
    inner join pattern_minutes as minute
        on is_on_side(side, minute.service, minute.revision, epoch_ns(minute.minute))
    where minute.pattern_id = 'no payload'
    group by side.pair_id, minute.severity
),

instances as (
    select
        side.pair_id,
        count(distinct start.instance_id) filter (not side.is_target) as base_instances,
        count(distinct start.instance_id) filter (side.is_target) as target_instances
    from pair_sides(pairs) as side
    inner join starts as start
        on side.service = start.service
        and side.revision = start.revision
        and epoch_ns(start.first_at) < side.to_ns
        and epoch_ns(start.last_at) >= side.from_ns
    group by side.pair_id
),

based as (
    select
        counted.* exclude (counted_on),
        -- what the platform does goes by the clock
        if(pattern.kind = 'audit', 'clock', coalesce(counted.counted_on, 'traffic')) as basis
    from counted
    inner join patterns as pattern on counted.pattern_id = pattern.pattern_id
)

select
    based.* exclude (basis),
    coalesce(stretches.target_stretches, 0) as target_stretches,
    coalesce(stretches.target_stretch_minutes, 0) as target_stretch_minutes,
    units.unit as exposure_unit,
    coalesce(base.exposure, 0) as base_exposure,
    coalesce(target.exposure, 0) as target_exposure,
    coalesce(base.minute_count, 0) as base_covered_minutes,
    coalesce(target.minute_count, 0) as target_covered_minutes,
    coalesce(base.second_count, 0) as base_covered_seconds,
    coalesce(target.second_count, 0) as target_covered_seconds,
    coalesce(instances.base_instances, 0) as base_instances,
    coalesce(instances.target_instances, 0) as target_instances,
    coalesce(blanks.base_blanks, 0) as base_blanks,
    coalesce(blanks.target_blanks, 0) as target_blanks,
    coalesce(dispersions.dispersion, 1.0) as dispersion
from based
left join exposures as base
    on based.pair_id = base.pair_id
    and based.collected_severity = base.severity
    and based.basis = base.basis
    and not base.is_target
left join exposures as target
    on based.pair_id = target.pair_id
    and based.collected_severity = target.severity
    and based.basis = target.basis
    and target.is_target
inner join (select distinct pair_id, basis, unit from exposures) as units
    on based.pair_id = units.pair_id and based.basis = units.basis
left join stretches on based.pair_id = stretches.pair_id and based.pattern_id = stretches.pattern_id
left join blanks on based.pair_id = blanks.pair_id and based.collected_severity = blanks.severity
left join instances on based.pair_id = instances.pair_id
left join pair_dispersions(pairs, least_severity, subject) as dispersions
    on based.pair_id = dispersions.pair_id and based.pattern_id = dispersions.pattern_id
