-- Entries by pattern, trace or words of the message, the oldest first. Messages are cut after 400 characters.
-- Grain: log entry.
-- param pattern = '': the id of a pattern, or the start of one
-- param trace = '': the trace's id, with or without `projects/.../traces/` before it
-- param words = '': what the message has to hold, in any case of letters
-- param service = '': the service's name
-- param since = '': the first time, such as `2025-09-14T10:00`
-- param until = '': the time before which it has to be
-- param most = 20: how many entries at most
select
    entry_at,
    effective_severity as severity,
    service,
    revision,
    kind,
    http_status,
    if(length(message) > 400, left(message, 400) || '…', message) as message,
    pattern_id,
    trace,
    insert_id,
    file,
    line
from entries
where
    (
        $pattern = ''
        or starts_with(pattern_id, $pattern)
        or pattern_id in (select pattern_id from pattern_aliases where starts_with(old_id, $pattern))
    )
    and ($trace = '' or trace = $trace or ends_with(trace, '/traces/' || $trace))
    and ($words = '' or contains(lower(message), lower($words)))
    and ($service = '' or service = $service or service_key = $service)
    and ($since = '' or entry_at >= try_cast($since as timestamp_ns))
    and ($until = '' or entry_at < try_cast($until as timestamp_ns))
order by entry_at, service, file, line
limit coalesce(try_cast($most as bigint), 20)
