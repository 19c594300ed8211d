-- Stored entries with the shape they count for: pieces of a trace in several entries, or of a split entry, have
-- the shape of the whole.
-- Grain: log entry. `event_id` is the id of the event that it is a piece of.
-- grain: entry_at, entry_key
select
    raw.* replace (
        coalesce(piece.shape_id, raw.shape_id) as shape_id,
        case when piece.kind = 'exception' then 'exception' else raw.kind end as kind,
        -- what a trace is stands above how a line of it is worded
        case
            when piece.kind = 'exception'
                and raw.severity = 'DEFAULT'
                and coalesce(raw.level_source, 'wording') = 'wording'
                then 'ERROR'::severity_name
            else raw.level
        end as level,
        case
            when piece.kind = 'exception'
                and raw.severity = 'DEFAULT'
                and coalesce(raw.level_source, 'wording') = 'wording'
                then 'content'
            else raw.level_source
        end as level_source
    ),
    piece.event_id
from raw_entries as raw
left join trace_pieces as piece
    on epoch_ns(raw.entry_at) = piece.entry_ns
    and raw.entry_key = piece.entry_key
