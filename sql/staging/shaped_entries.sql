-- Stored entries with the shape they count for: pieces of an event that stands in several entries, or of a split
-- entry,
-- have the shape of the whole, and its level where that is higher than their own.
-- Grain: log entry. `event_id` is the id of the event that it is a piece of.
-- grain: entry_at, entry_key
select
    raw.* replace (
        coalesce(piece.shape_id, raw.shape_id) as shape_id,
        case when piece.kind = 'exception' then 'exception' else raw.kind end as kind,
        coalesce(piece.level, raw.level) as level,
        case when piece.level is null then raw.level_source else piece.level_source end as level_source
    ),
    piece.event_id
from raw_entries as raw
left join trace_pieces as piece
    on epoch_ns(raw.entry_at) = piece.entry_ns
    and raw.entry_key = piece.entry_key
