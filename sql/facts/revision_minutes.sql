-- Traffic and health of each revision, minute by minute.
-- Grain: service, revision, minute. `latencies` maps a step (1.1 to its power, in microseconds) to a count:
-- whole numbers that add up, unlike quantiles.
-- grain: service, revision, minute
-- minute: epoch_ns(minute)
with

cells as (
    select
        service_key as service,
        revision,
        epoch_ns(entry_at) // 60_000_000_000 * 60_000_000_000 as minute_ns,
        effective_severity,
        kind,
        http_status,
        count(*) as entry_count
    from entries
    group by all
    union all
    select
        source.service,
        source.revision,
        counted.minute_ns,
        effective_severity(counted.severity, counted.level, null, null) as effective_severity,
        counted.kind,
        counted.http_status,
        counted.entry_count
    from counted_entries as counted
    inner join identified_sources as source using (source_id)
),

-- an engine counts them over all entries
instances as (
    select
        service_key as service,
        revision,
        epoch_ns(entry_at) // 60_000_000_000 * 60_000_000_000 as minute_ns,
        count(distinct nullif(instance_id, '')) as instance_count
    from entries
    where not exists (from counted_minutes)
    group by all
    union all
    from counted_minutes
),

steps as (
    select service, revision, minute_ns, step, sum(entry_count)::ubigint as entry_count
    from (
        select
            service_key as service,
            revision,
            epoch_ns(entry_at) // 60_000_000_000 * 60_000_000_000 as minute_ns,
            floor(ln(greatest(http_latency_ns // 1000, 1)) / ln(1.1))::int as step,
            count(*) as entry_count
        from entries
        where kind = 'request'
            and http_latency_ns is not null
        group by all
        union all
        select source.service, source.revision, counted.minute_ns, counted.latency_step, counted.entry_count
        from counted_latencies as counted
        inner join identified_sources as source using (source_id)
    ) as counted
    group by all
),

latencies as (
    select
        service,
        revision,
        minute_ns,
        map_from_entries(list((step, entry_count) order by step)) as latencies
    from steps
    group by all
)

select
    cells.service,
    cells.revision,
    make_timestamp_ns(cells.minute_ns) as minute,
    sum(cells.entry_count)::bigint as entry_count,
    coalesce(sum(cells.entry_count) filter (cells.effective_severity <= 'INFO'::severity_name), 0)::bigint
        as info_count,
    coalesce(sum(cells.entry_count) filter (cells.effective_severity = 'NOTICE'), 0)::bigint as notice_count,
    coalesce(sum(cells.entry_count) filter (cells.effective_severity = 'WARNING'), 0)::bigint as warning_count,
    coalesce(sum(cells.entry_count) filter (cells.effective_severity = 'ERROR'), 0)::bigint as error_count,
    coalesce(sum(cells.entry_count) filter (cells.effective_severity >= 'CRITICAL'::severity_name), 0)::bigint
        as critical_count,
    coalesce(sum(cells.entry_count) filter (cells.kind = 'request'), 0)::bigint as request_count,
    coalesce(sum(cells.entry_count) filter (cells.kind = 'request' and cells.http_status < 400), 0)::bigint
        as success_count,
    coalesce(sum(cells.entry_count) filter (cells.kind = 'request' and cells.http_status >= 500), 0)::bigint
        as server_error_count,
    any_value(instances.instance_count) as instance_count,
    any_value(latencies.latencies) as latencies
from cells
left join instances using (service, revision, minute_ns)
left join latencies using (service, revision, minute_ns)
group by cells.service, cells.revision, cells.minute_ns
