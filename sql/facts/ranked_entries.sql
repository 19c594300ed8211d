-- The entries that worklogs are about, without their texts: NOTICE and above by severity or level.
-- Grain: log entry, identified by its time and key. `ended_at` is when a request ended.
-- grain: entry_at, entry_key
select
    entry_at,
    entry_key,
    epoch_ns(entry_at) as entry_ns,
    epoch_ns(entry_at) + coalesce(http_latency_ns, 0) as ended_ns,
    service_key as service,
    revision,
    project,
    location,
    nullif(instance_id, '') as instance_id,
    nullif(trace, '') as trace,
    pattern_id,
    event_id,
    kind,
    severity,
    effective_severity,
    insert_id,
    log_id,
    call_module,
    call_function,
    call_line,
    http_status,
    file,
    line
from entries
where effective_severity >= 'NOTICE'::severity_name
    and pattern_id is not null
