-- What was known of a cluster's patterns before and in the window: the ground for its state.
-- Grain: cluster. A quiet time is at least 24 hours without the cluster in which the service did log.
with

service_minutes as (
    select distinct epoch_ns(minute) as minute_ns
    from pattern_minutes
    where service = $service
        and epoch_ns(minute) < $to_ns
),

cluster_minutes as (
    select
        member.lead_id,
        epoch_ns(minute.minute) as minute_ns,
        sum(minute.entry_count)::bigint as entry_count,
        max(minute.revision) as revision
    from pattern_minutes as minute
    inner join cluster_patterns as member on minute.pattern_id = member.pattern_id
    where minute.service = $service
        and epoch_ns(minute.minute) < $to_ns
        and greatest(minute.severity, coalesce(minute.level, minute.severity)) >= 'NOTICE'::severity_name
    group by all
),

paused as (
    select
        *,
        lag(minute_ns) over (partition by lead_id order by minute_ns) as minute_before_ns
    from cluster_minutes
),

returns as (
    select
        lead_id,
        max_by(minute_ns, minute_ns) as back_ns,
        max_by(minute_before_ns, minute_ns) as gone_ns,
        max_by(revision, minute_ns) as back_revision
    from paused
    where minute_ns - minute_before_ns >= 86_400_000_000_000
    group by all
),

hours as (
    select
        lead_id,
        minute_ns // 3_600_000_000_000 as hour,
        sum(entry_count)::bigint as entry_count
    from cluster_minutes
    group by all
),

latest as (
    select arg_max(revision, (last_at, revision)) as revision
    from revisions
    where service = $service
        and epoch_ns(first_at) < $to_ns
)

select
    member.lead_id,
    (select min(minute_ns) from service_minutes) as service_first_ns,
    (select count(*) from service_minutes where minute_ns < $from_ns) as minutes_before,
    min(minute.minute_ns) as first_minute_ns,
    coalesce(sum(minute.entry_count) filter (minute.minute_ns < $from_ns), 0)::bigint as count_before,
    any_value(returns.gone_ns) as gone_ns,
    any_value(returns.back_ns) as back_ns,
    any_value(returns.back_revision) as back_revision,
    (
        select count(*)
        from service_minutes
        where minute_ns > any_value(returns.gone_ns) and minute_ns < any_value(returns.back_ns)
    ) as quiet_minutes,
    any_value(returns.back_revision) = (select revision from latest)
        or any_value(returns.back_ns) >= $from_ns as is_back_now,
    (
        select max(hours.entry_count)
        from hours
        where hours.lead_id = member.lead_id and hours.hour < $from_ns // 3_600_000_000_000
    ) as busiest_hour_before,
    (
        select max(hours.entry_count)
        from hours
        where hours.lead_id = member.lead_id and hours.hour >= $from_ns // 3_600_000_000_000
    ) as busiest_hour
from (select distinct lead_id from cluster_patterns) as member
inner join cluster_minutes as minute on member.lead_id = minute.lead_id
left join returns on member.lead_id = returns.lead_id
group by member.lead_id
