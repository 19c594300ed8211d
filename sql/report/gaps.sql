-- Times of the window without any entry of the service: longer than an hour, and ten times its usual pause.
-- Grain: gap.
with

minutes as (
    select distinct epoch_ns(minute) as minute_ns
    from pattern_minutes
    where service = $service
        and epoch_ns(minute) >= $from_ns
        and epoch_ns(minute) < $to_ns
),

paused as (
    select
        minute_ns as to_ns,
        lag(minute_ns) over (order by minute_ns) + 60_000_000_000 as from_ns
    from minutes
),

usual as (
    select quantile_disc(to_ns - from_ns, 0.5) as pause_ns
    from paused
)

select
    paused.from_ns,
    paused.to_ns,
    paused.to_ns - paused.from_ns as length_ns
from paused
cross join usual
where paused.to_ns - paused.from_ns > greatest(3_600_000_000_000, 10 * usual.pause_ns)
order by length_ns desc, from_ns
limit 5
