-- The entries of the window's clusters with what their texts hold.
-- Grain: log entry.
select
    member.lead_id,
    member.is_lead,
    entry.*,
    raw.message,
    raw.payload,
    raw."user"
from window_entries as entry
inner join cluster_patterns as member on entry.pattern_id = member.pattern_id
inner join raw_entries as raw on entry.entry_at = raw.entry_at and entry.entry_key = raw.entry_key
