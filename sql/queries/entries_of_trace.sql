-- The entries of one trace, of all services, in the order of time.
-- Grain: log entry.
-- param trace: the trace's id, with or without `projects/.../traces/` before it
select
    entry_at,
    effective_severity as severity,
    service,
    revision,
    kind,
    http_status,
    round(http_latency_ns / 1e6, 1) as latency_ms,
    message,
    insert_id
from entries
where trace = $trace
    or ends_with(trace, '/traces/' || $trace)
order by entry_at, service, line
