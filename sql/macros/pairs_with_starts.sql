-- Pairs on both sides of which starts are known: there are some, and what an instance writes that does not fail was
-- collected in nearly all of the time. Where only failures are collected, only starts that fail are seen. Grain: pair.
-- grain: pair_id
with

minutes as (
    select
        side.pair_id,
        side.is_target,
        minute.service,
        epoch_ns(minute.minute) as minute_ns,
        sum(minute.info_count) as info_count
    from pair_sides(pairs) as side
    inner join revision_minutes as minute
        on is_on_side(side, minute.service, minute.revision, epoch_ns(minute.minute))
    group by all
),

gaps as (
    select distinct service, minute_ns
    from uncovered_minutes
    where severity <= 'INFO'::severity_name
        and missing_ns > 30_000_000_000
),

begun as (
    select distinct side.pair_id, side.is_target
    from pair_sides(pairs) as side
    inner join starts as start
        on is_on_side(side, start.service, start.revision, epoch_ns(start.first_at))
)

select pair_id
from (
    select minutes.pair_id, minutes.is_target
    from minutes
    semi join begun using (pair_id, is_target)
    left join gaps using (service, minute_ns)
    group by all
    having sum(minutes.info_count) > 0
        and count(gaps.minute_ns) <= 0.1 * count(*)
) as known
group by pair_id
having count(*) = 2
