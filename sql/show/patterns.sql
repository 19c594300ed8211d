-- Patterns with their counts over the archive in 30 steps. Grain: service, pattern, commonest first.
-- Parameters: service (or null), minimum_severity.
-- grain: service, pattern_id
with

span as (
    select
        min(epoch_ns(minute)) as from_ns,
        max(epoch_ns(minute)) + 60_000_000_000 as to_ns
    from pattern_minutes
),

steps as (
    select
        minute.service,
        minute.pattern_id,
        ((epoch_ns(minute.minute) - span.from_ns)::hugeint * 30 // (span.to_ns - span.from_ns))::int as step,
        minute.effective_severity as severity,
        sum(minute.entry_count)::bigint as entry_count,
        min(minute.first_at) as first_at,
        max(minute.last_at) as last_at
    from pattern_minutes as minute
    cross join span
    where ($service is null or minute.service = $service)
        and minute.effective_severity >= $minimum_severity::severity_name
    group by all
),

severities as (
    select
        service,
        pattern_id,
        severity,
        sum(entry_count)::bigint as entry_count,
        min(first_at) as first_at,
        max(last_at) as last_at
    from steps
    group by all
),

bars as (
    select
        service,
        pattern_id,
        map_from_entries(list((step, entry_count))) as by_step
    from (select service, pattern_id, step, sum(entry_count)::bigint as entry_count from steps group by all) as step
    group by all
)

select
    severities.service,
    severities.pattern_id,
    arg_max(severities.severity, (severities.entry_count, severities.severity))::varchar as severity,
    max(severities.severity)::varchar as worst_severity,
    arg_max(severities.entry_count, severities.severity) as worst_count,
    sum(severities.entry_count)::bigint as entry_count,
    epoch_ns(min(severities.first_at)) as first_ns,
    epoch_ns(max(severities.last_at)) as last_ns,
    any_value(pattern.template) as template,
    any_value(cluster.cluster_id) as cluster_id,
    list_transform(range(30), lambda step: coalesce(any_value(bars.by_step)[step::int], 0)) as counts
from severities
inner join bars using (service, pattern_id)
inner join patterns as pattern using (pattern_id)
left join pattern_clusters as cluster using (service, pattern_id)
group by severities.service, severities.pattern_id
order by entry_count desc, severities.service asc, severities.pattern_id asc
