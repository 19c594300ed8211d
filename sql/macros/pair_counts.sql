-- Both sides of each pattern beside one another, with exposure and dispersion. Grain: pair, pattern.
with

exposures as (
    from pair_exposures(pairs)
),

counted as (
    select
        pair_id,
        any_value(service) as service,
        pattern_id,
        any_value(collected_severity) as collected_severity,
        max(effective_severity) filter (not is_target) as base_severity,
        max(effective_severity) filter (is_target) as target_severity,
        coalesce(sum(event_count) filter (not is_target), 0)::bigint as base_count,
        coalesce(sum(event_count) filter (is_target), 0)::bigint as target_count,
        count(*) filter (not is_target and event_count > 0) as base_minutes,
        count(*) filter (is_target and event_count > 0) as target_minutes,
        min(first_ns) filter (is_target) as target_first_ns,
        max(last_ns) filter (is_target) as target_last_ns,
        min(smallest_instance_id) filter (is_target) as smallest_instance_id,
        max(greatest_instance_id) filter (is_target) as greatest_instance_id
    from side_minutes(pairs, least_severity)
    group by pair_id, pattern_id
),

target_instances as (
    select
        side.pair_id,
        count(distinct start.instance_id) as instance_count
    from pair_sides(pairs) as side
    inner join starts as start
        on side.service = start.service
        and side.revision = start.revision
        and epoch_ns(start.first_at) < side.to_ns
        and epoch_ns(start.last_at) >= side.from_ns
    where side.is_target
    group by side.pair_id
)

select
    counted.*,
    units.unit as exposure_unit,
    coalesce(base.exposure, 0) as base_exposure,
    coalesce(target.exposure, 0) as target_exposure,
    coalesce(base.minute_count, 0) as base_covered_minutes,
    coalesce(target.minute_count, 0) as target_covered_minutes,
    coalesce(instances.instance_count, 0) as target_instances,
    coalesce(dispersions.dispersion, 1.0) as dispersion
from counted
left join exposures as base
    on counted.pair_id = base.pair_id and counted.collected_severity = base.severity and not base.is_target
left join exposures as target
    on counted.pair_id = target.pair_id and counted.collected_severity = target.severity and target.is_target
inner join (select distinct pair_id, unit from exposures) as units on counted.pair_id = units.pair_id
left join target_instances as instances on counted.pair_id = instances.pair_id
left join pair_dispersions(pairs, least_severity) as dispersions
    on counted.pair_id = dispersions.pair_id and counted.pattern_id = dispersions.pattern_id
