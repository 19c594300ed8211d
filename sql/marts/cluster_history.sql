-- What was known of a cluster before its window ended: the ground for its state. Hours count events.
-- Grain: window, cluster. Nothing after the window's end is looked at.
-- grain: window_id, lead_id
with

placed as (
    select
        lead.window_id,
        lead.pattern_id as lead_id,
        span.service,
        span.from_ns,
        span.to_ns,
        cluster.cluster_id
    from cluster_patterns as lead
    inner join windows as span using (window_id)
    inner join pattern_clusters as cluster using (service, pattern_id)
    where lead.is_lead
),

hours_inside as (
    select
        entry.window_id,
        member.lead_id,
        entry.entry_ns // 3_600_000_000_000 as hour,
        count(*) filter (entry.event_id is null) + count(distinct entry.event_id) as event_count
    from window_entries as entry
    inner join cluster_patterns as member using (window_id, pattern_id)
    group by all
),

busiest_inside as (
    select window_id, lead_id, max(event_count) as busiest_hour
    from hours_inside
    group by all
),

busiest_before as (
    select
        placed.window_id,
        placed.lead_id,
        max(hours.event_count) as busiest_hour_before
    from placed
    inner join cluster_hours as hours
        on placed.service = hours.service
        and placed.cluster_id = hours.cluster_id
        and hours.hour < placed.from_ns // 3_600_000_000_000
        and hours.hour >= placed.from_ns // 3_600_000_000_000 - 14 * 24
    group by all
),

first_minutes as (
    select service, min(minute_ns) as service_first_ns
    from service_minutes
    group by all
)

select
    placed.window_id,
    placed.lead_id,
    placed.cluster_id,
    first_minutes.service_first_ns,
    coalesce(service_before.minute_number, 0) as minutes_before,
    coalesce(before.entries_so_far, 0)::bigint as count_before,
    back.gone_ns,
    back.back_ns,
    back.back_revision,
    back.quiet_minutes,
    coalesce(
        back.back_ns >= placed.from_ns
        or (back.back_revision = latest.revision and back.back_ns >= placed.to_ns - 7 * 86_400_000_000_000),
        false
    ) as is_back_now,
    busiest_inside.busiest_hour,
    busiest_before.busiest_hour_before
from placed
inner join first_minutes using (service)
inner join busiest_inside using (window_id, lead_id)
left join busiest_before using (window_id, lead_id)
asof left join service_minutes as service_before
    on placed.service = service_before.service and placed.from_ns > service_before.minute_ns
asof left join cluster_minutes as before
    on placed.service = before.service
    and placed.cluster_id = before.cluster_id
    and placed.from_ns > before.minute_ns
asof left join cluster_returns as back
    on placed.service = back.service
    and placed.cluster_id = back.cluster_id
    and placed.to_ns > back.back_ns
asof left join (select service, revision, epoch_ns(first_at) as first_ns from revisions) as latest
    on placed.service = latest.service and placed.to_ns > latest.first_ns
