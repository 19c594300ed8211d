-- Stored entries with the shape they count for: pieces of a trace in several entries, or of a split entry, have
-- the shape of the whole.
-- Grain: log entry. `event_id` is the id of the event that it is a piece of.
-- grain: entry_at, entry_key
select
    raw.* replace (
        coalesce(piece.shape_id, raw.shape_id) as shape_id,
        case when piece.kind = 'exception' then 'exception' else raw.kind end as kind,
        case
            when raw.level is null and piece.kind = 'exception' and raw.severity = 'DEFAULT'
                then 'ERROR'::severity_name
            else raw.level
        end as level
    ),
    piece.event_id
from raw_entries as raw
left join trace_pieces as piece
    on epoch_ns(raw.entry_at) = piece.entry_ns
    and raw.entry_key = piece.entry_key
