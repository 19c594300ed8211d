-- The entries that worklogs are about, without their texts: NOTICE and above by severity or level.
-- Grain: log entry, identified by its time and key. `ended_at` is when a request ended. `is_of_stream` says that nobody
-- graded it: the logging agent calls all that is written to `stderr` ERROR, and the line names no level and no failure.
-- grain: entry_at, entry_key
-- minute: entry_ns
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
    kind = 'message' and level_source is null and not is_graded(severity, log_id, resource_type, true) as is_of_stream,
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
