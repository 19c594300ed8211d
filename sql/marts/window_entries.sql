-- The entries that worklogs are about.
-- Grain: window, log entry of its service, at or above its least severity and inside it.
-- grain: window_id, entry_at, entry_key
select
    span.window_id,
    entry.*
from ranked_entries as entry
inner join windows as span
    on is_in_window(span, entry.service, entry.revision, entry.entry_ns)
    and entry.effective_severity >= span.minimum_severity
where entry.entry_ns >= $from_ns
    and entry.entry_ns < $to_ns
