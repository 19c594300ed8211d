-- The entries of a feed: what parsing makes of blocks of exports, as they come.
-- Grain: entry as read, copies included. Parameter: the feed's number.
-- grain: none (copies included)
select
    entry_at,
    received_at,
    severity::severity_name as severity,
    level::severity_name as level,
    level_source,
    source_id,
    label_set_id,
    call_site_id,
    kind,
    shape_id,
    insert_id,
    trace,
    span,
    message,
    "user",
    http_method,
    http_status,
    http_url,
    http_latency_ns,
    http_user_agent,
    payload,
    extra,
    fullness,
    entry_key,
    file_id,
    line
from parsed_entries($feed)
