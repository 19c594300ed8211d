-- How much more the counts of a pattern, or a problem, vary than chance alone lets them: Pearson's chi square over the
-- blocks of both sides by its degrees of freedom, each side with its own rate. Grain: pair, pattern.
-- Minutes always count; wider blocks where they vary by two standard errors more than they should, for bursts that
-- last longer than a minute.
-- grain: pair_id, pattern_id
with

blocks as (
    from side_blocks(pairs, subject)
),

sides as (
    select
        pair_id,
        is_target,
        unit,
        severity,
        width_ns,
        count(*) as block_count,
        sum(exposure) as exposure
    from blocks
    group by all
),

counts as (
    select
        minute.pair_id,
        minute.is_target,
        minute.pattern_id,
        any_value(minute.collected_severity) as collected_severity,
        any_value(minute.basis) as basis,
        widths.width_ns,
        minute.minute_ns // widths.width_ns as block,
        sum(minute.event_count)::bigint as event_count
    from side_minutes(pairs, least_severity, subject) as minute
    cross join block_widths() as widths
    group by minute.pair_id, minute.is_target, minute.pattern_id, widths.width_ns, block
),

placed as (
    select
        counts.*,
        coalesce(own.severity, 'ANY') as severity,
        units.unit
    from counts
    inner join (select distinct pair_id, basis, unit from pair_exposures(pairs)) as units
        on counts.pair_id = units.pair_id
        -- of the clock there are no blocks
        and coalesce(nullif(counts.basis, 'clock'), 'traffic') = units.basis
    left join (select distinct pair_id, severity from sides) as own
        on counts.pair_id = own.pair_id and counts.collected_severity::varchar = own.severity
),

by_side as (
    select
        placed.pair_id,
        placed.pattern_id,
        placed.width_ns,
        any_value(sides.block_count) - 1 as degrees,
        sum(placed.event_count)::bigint as event_count,
        any_value(sides.exposure) * sum(placed.event_count * placed.event_count / blocks.exposure)
            / sum(placed.event_count) - sum(placed.event_count) as chi_square
    from placed
    inner join blocks using (pair_id, is_target, unit, severity, width_ns, block)
    inner join sides using (pair_id, is_target, unit, severity, width_ns)
    group by placed.pair_id, placed.is_target, placed.pattern_id, placed.width_ns
),

by_width as (
    select
        pair_id,
        pattern_id,
        width_ns,
        sum(degrees) as degrees,
        sum(chi_square) / sum(degrees) as dispersion,
        sqrt((2 + sum(degrees) / sum(event_count)) / sum(degrees)) as standard_error
    from by_side
    group by all
    having sum(degrees) >= 5
)

select
    pair_id,
    pattern_id,
    round(greatest(1.0, max(dispersion) filter (
        width_ns = 60_000_000_000 or dispersion > 1 + 2 * standard_error
    )), 10) as dispersion
from by_width
group by pair_id, pattern_id
