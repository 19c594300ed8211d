-- Times in which a service logged nothing, the longest first.
-- Grain: service, gap; from the minute after its last entry to the minute of its next.
-- param minutes = 30: shorter gaps are left out
with

gaps as (
    select
        service,
        lag(minute_ns) over (partition by service order by minute_ns) + 60_000_000_000 as from_ns,
        minute_ns as to_ns
    from service_minutes
)

select
    service,
    make_timestamp_ns(from_ns)::timestamp as from_at,
    make_timestamp_ns(to_ns)::timestamp as to_at,
    (to_ns - from_ns) // 60_000_000_000 as quiet_minutes
from gaps
where to_ns - from_ns >= $minutes::bigint * 60_000_000_000
order by quiet_minutes desc, service asc, from_at asc
