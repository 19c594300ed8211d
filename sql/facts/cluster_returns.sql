-- Clusters that came back: 24 hours and more without one in which the service did log, and in which, as often as it was
-- seen before, it would hardly have failed to show. Grain: service, cluster, return. `absence_chance` is the
-- probability that none of the hours it was seen in falls into the quiet time, were its rate the same: (before /
-- all)^n. Hours, since what comes in bursts is seen in many minutes at once. In a long archive chance has many tries:
-- one in a million is asked for, one in a thousand where a whole revision came and went in between.
-- grain: service, cluster_id, back_ns
with

paused as (
    select
        *,
        lag(minute_ns) over in_time as gone_ns,
        lag(hours_so_far) over in_time as hours_seen
    from cluster_minutes
    window in_time as (partition by service, cluster_id order by minute_ns asc, revision desc)
),

returns as (
    select
        paused.service,
        paused.cluster_id,
        paused.gone_ns,
        paused.minute_ns as back_ns,
        paused.revision as back_revision,
        back.minute_number - gone.minute_number - 1 as quiet_minutes,
        paused.hours_seen,
        power(gone.minute_number / (back.minute_number - 1.0), paused.hours_seen) as absence_chance
    from paused
    inner join service_minutes as gone
        on paused.service = gone.service and paused.gone_ns = gone.minute_ns
    inner join service_minutes as back
        on paused.service = back.service and paused.minute_ns = back.minute_ns
    where paused.minute_ns - paused.gone_ns >= 86_400_000_000_000
        and quiet_minutes >= 60
)

select
    returns.*,
    exists (
        from revisions as revision
        where revision.service = returns.service
            and epoch_ns(revision.first_at) > returns.gone_ns
            and epoch_ns(revision.last_at) < returns.back_ns
            and revision.active_minutes >= 60
    ) as skips_revision
from returns
where absence_chance < if(skips_revision, 1e-3, 1e-6)
