-- The exposure of each side in blocks of several widths, whole ones only.
-- Grain: pair, side, width, block. No block counts for less than a fifth of the average, since what does not depend on
-- traffic would look like bursts in quiet ones; and 5 are added to each, since a few requests more or less in a minute
-- are chance themselves.
with

units as (
    select distinct pair_id, unit
    from pair_exposures(pairs)
),

blocks as (
    select
        side.pair_id,
        side.is_target,
        widths.width_ns,
        epoch_ns(minute.minute) // widths.width_ns as block,
        case any_value(units.unit)
            when 'requests' then sum(minute.request_count)
            when 'instance-minutes' then sum(minute.instance_count)
            else count(distinct minute.minute)
        end::double as exposure
    from pair_sides(pairs) as side
    inner join units using (pair_id)
    inner join revision_minutes as minute
        on side.service = minute.service
        and side.revision = minute.revision
        and epoch_ns(minute.minute) >= side.from_ns
        and epoch_ns(minute.minute) < side.to_ns
    cross join block_widths() as widths
    where block * widths.width_ns >= side.from_ns
        and (block + 1) * widths.width_ns <= side.to_ns
    group by all
)

select
    * exclude (exposure),
    greatest(exposure, 0.2 * avg(exposure) over (partition by pair_id, is_target, width_ns)) + 5 as exposure
from blocks
