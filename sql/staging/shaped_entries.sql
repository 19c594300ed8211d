-- Stored entries with the shape they count for: the pieces of a trace told over several entries have that of the whole.
-- Grain: log entry. `event_id` tells which such trace it is a piece of.
select
    raw.* replace (
        coalesce(piece.shape_id, raw.shape_id) as shape_id,
        case when piece.event_id is null then raw.kind else 'exception' end as kind,
        case
            when raw.level is null and piece.event_id is not null and raw.severity = 'DEFAULT'
                then 'ERROR'::severity_name
            else raw.level
        end as level
    ),
    piece.event_id
from raw_entries as raw
left join trace_pieces as piece
    on epoch_ns(raw.entry_at) = piece.entry_ns
    and raw.entry_key = piece.entry_key
