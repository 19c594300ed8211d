-- Times of the window without any entry of the service: longer than 15 minutes, and ten times its usual pause.
-- Grain: window, gap.
-- grain: window_id, from_ns
with

paused as (
    select
        span.window_id,
        minute.minute_ns as to_ns,
        lag(minute.minute_ns) over (partition by span.window_id order by minute.minute_ns) + 60_000_000_000 as from_ns
    from service_minutes as minute
    inner join windows as span
        on minute.service = span.service
        and minute.minute_ns >= span.from_ns
        and minute.minute_ns < span.to_ns
),

usual as (
    select window_id, quantile_disc(to_ns - from_ns, 0.5) as pause_ns
    from paused
    group by all
)

select
    paused.window_id,
    paused.from_ns,
    paused.to_ns,
    paused.to_ns - paused.from_ns as length_ns
from paused
inner join usual using (window_id)
where paused.to_ns - paused.from_ns > greatest(9e11, 10e0 * usual.pause_ns)
qualify row_number() over (partition by paused.window_id order by length_ns desc, paused.from_ns asc) <= 5
order by from_ns asc
