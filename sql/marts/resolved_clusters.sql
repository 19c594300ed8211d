-- A cluster that became resolved in this window: its absence has lasted too long to be chance.
-- Grain: window, cluster over the archive. At the rate of the 28 days before, such an absence has a chance below 1e-5
-- when the window ends, and not yet when it begins: (before / all)^n over the service's active minutes,
-- n being the hours it was seen in.
-- grain: window_id, cluster_id
with

last_seen as (
    select
        span.window_id,
        span.service,
        span.from_ns,
        span.to_ns,
        minute.cluster_id,
        max(minute.minute_ns) as last_ns,
        count(distinct minute.minute_ns // 3_600_000_000_000) as active_hours,
        sum(minute.entry_count)::bigint as entry_count,
        min(minute.minute_ns) as first_ns
    from windows as span
    inner join cluster_minutes as minute
        on span.service = minute.service
        and minute.minute_ns < span.to_ns
        and minute.minute_ns >= span.from_ns - 28 * 86_400_000_000_000
    group by span.window_id, span.service, span.from_ns, span.to_ns, minute.cluster_id
    having max(minute.minute_ns) < span.from_ns
        and active_hours >= 3
),

numbered as (
    select
        last_seen.*,
        began.minute_number as first_number,
        ended.minute_number as last_number,
        before.minute_number as number_at_start,
        inside.minute_number as number_at_end
    from last_seen
    inner join service_minutes as began
        on last_seen.service = began.service and last_seen.first_ns = began.minute_ns
    inner join service_minutes as ended
        on last_seen.service = ended.service and last_seen.last_ns = ended.minute_ns
    asof inner join service_minutes as before
        on last_seen.service = before.service and last_seen.from_ns > before.minute_ns
    asof inner join service_minutes as inside
        on last_seen.service = inside.service and last_seen.to_ns > inside.minute_ns
),

weighed as (
    select
        *,
        number_at_end - last_number as quiet_minutes,
        power((last_number - first_number + 1) / (number_at_end - first_number + 1.0), active_hours - 1)
            as chance_at_end,
        power((last_number - first_number + 1) / (number_at_start - first_number + 1.0), active_hours - 1)
            as chance_at_start
    from numbered
)

select
    weighed.window_id,
    weighed.cluster_id,
    weighed.last_ns,
    weighed.active_hours,
    weighed.entry_count,
    weighed.quiet_minutes,
    weighed.chance_at_end as absence_chance,
    coalesce(
        trait.rule_name,
        case when trait.kind = 'exception' then trait.template else trim(trait.sample_message) end
    ) as name
from weighed
inner join pattern_traits as trait
    on weighed.service = trait.service and weighed.cluster_id = trait.pattern_id
where weighed.chance_at_end < 1e-5
    and weighed.chance_at_start >= 1e-5
