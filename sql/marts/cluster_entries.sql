-- The entries of clusters with what their texts hold.
-- Grain: window, log entry.
-- grain: window_id, entry_at, entry_key
select
    member.lead_id,
    member.is_lead,
    entry.*,
    raw.message,
    raw.payload,
    raw."user"
from window_entries as entry
inner join cluster_patterns as member using (window_id, pattern_id)
inner join raw_entries as raw on entry.entry_at = raw.entry_at and entry.entry_key = raw.entry_key
where raw.entry_at >= make_timestamp_ns($from_ns)
    and raw.entry_at < make_timestamp_ns($to_ns)
