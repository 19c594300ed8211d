-- The exposure of each side in blocks of several widths, whole ones only; for severities of which the collection cut
-- away more than its edges also in the minutes they were collected in, under their name, else under `ANY`.
-- Grain: pair, side, unit of exposure, collected severity, width, block. Parameter: subject (see `side_minutes`):
-- patterns are counted against traffic only. No block counts for less than a fifth of the average, since what
-- does not depend on traffic would look like bursts in quiet ones; and 5 are added to each, since a few requests more
-- or less in a minute are chance themselves. Starts are known one by one: minutes without one are no exposure.
-- grain: pair_id, is_target, unit, severity, width_ns, block
with

units as (
    select distinct pair_id, unit
    from pair_exposures(pairs)
    where basis = 'traffic'
        or (subject = 'problem' and basis in ('instances', 'starts'))
),

begun as (
    select
        service,
        revision,
        epoch_ns(first_at) // 60_000_000_000 * 60_000_000_000 as begun_ns,
        count(*) as start_count
    from starts
    where subject = 'problem'
    group by all
),

minutes as (
    select
        side.pair_id,
        side.service,
        side.is_target,
        side.from_ns,
        side.to_ns,
        units.unit,
        epoch_ns(minute.minute) as minute_ns,
        case units.unit
            when 'starts' then coalesce(sum(begun.start_count), 0)
            when 'requests' then sum(minute.request_count)
            when 'instance-minutes' then sum(minute.instance_count)
            else 1
        end::double as exposure
    from pair_sides(pairs) as side
    inner join units using (pair_id)
    inner join revision_minutes as minute
        on is_on_side(side, minute.service, minute.revision, epoch_ns(minute.minute))
    left join begun
        on minute.service = begun.service
        and minute.revision = begun.revision
        and epoch_ns(minute.minute) = begun.begun_ns
    group by side.pair_id, side.service, side.is_target, side.from_ns, side.to_ns, units.unit, minute_ns
    having exposure > 0
        or units.unit = 'requests'
),

gaps as (
    select service, minute_ns, severity::varchar as severity
    from uncovered_minutes
    where missing_ns > 30_000_000_000
),

collected as (
    select distinct pair_id, 'ANY' as severity
    from units
    union all
    select known.pair_id, gaps.severity
    from (select distinct pair_id, service, is_target, minute_ns from minutes) as known
    inner join gaps using (service, minute_ns)
    group by known.pair_id, gaps.severity
    having count(*) > 2
),

blocks as (
    select
        minutes.pair_id,
        minutes.is_target,
        minutes.unit,
        collected.severity,
        widths.width_ns,
        minutes.minute_ns // widths.width_ns as block,
        sum(minutes.exposure) as exposure
    from minutes
    inner join collected using (pair_id)
    anti join gaps
        on minutes.service = gaps.service
        and collected.severity = gaps.severity
        and minutes.minute_ns = gaps.minute_ns
    cross join block_widths() as widths
    where block * widths.width_ns >= minutes.from_ns
        and (block + 1) * widths.width_ns <= minutes.to_ns
    group by all
)

select
    * exclude (exposure),
    greatest(
        exposure, 0.2 * avg(exposure) over (partition by pair_id, is_target, unit, severity, width_ns)
    ) + if(unit = 'starts', 0, 5) as exposure
from blocks
