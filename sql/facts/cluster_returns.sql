-- Clusters that came back: 24 hours and more without one in which the service did log, and in which, as often as it was
-- seen before, it would hardly have failed to show. Grain: service, cluster, return. `absence_chance` is the
-- probability that none of its active minutes falls into the quiet time, were its rate the same: (before / all)^n.
with

paused as (
    select
        *,
        lag(minute_ns) over in_time as gone_ns,
        lag(minutes_so_far) over in_time as minutes_seen
    from cluster_minutes
    window in_time as (partition by service, cluster_id order by minute_ns)
)

select
    paused.service,
    paused.cluster_id,
    paused.gone_ns,
    paused.minute_ns as back_ns,
    paused.revision as back_revision,
    back.minute_number - gone.minute_number - 1 as quiet_minutes,
    paused.minutes_seen,
    power(gone.minute_number / (back.minute_number - 1.0), paused.minutes_seen) as absence_chance
from paused
inner join service_minutes as gone
    on paused.service = gone.service and paused.gone_ns = gone.minute_ns
inner join service_minutes as back
    on paused.service = back.service and paused.minute_ns = back.minute_ns
where paused.minute_ns - paused.gone_ns >= 86_400_000_000_000
    and quiet_minutes >= 60
    and absence_chance < 1e-4
