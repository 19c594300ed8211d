-- Stored entries with the shape they count for: pieces of an event that stands in several entries, or of a split
-- entry, have the shape of the whole, and its level where that is higher than their own.
-- A request that only the program's access log tells is a request like others, with the level of its status (5xx ERROR,
-- 4xx WARNING, else INFO) where the program declared no higher one. Where the platform logs the requests, too, the line
-- is a message.
-- Grain: log entry. `event_id` is the id of the event that it is a piece of.
-- grain: entry_at, entry_key
select
    raw.* replace (
        coalesce(piece.shape_id, raw.shape_id) as shape_id,
        case
            when piece.kind = 'exception' then 'exception'
            when raw.kind <> 'access' then raw.kind
            when access.source_id is not null then 'request'
            else 'message'
        end as kind,
        case
            when piece.level is not null then piece.level
            when raw.kind = 'access' and access.source_id is not null
                then greatest(raw.level, status_level(raw.http_status))
            else raw.level
        end as level,
        case
            when piece.level is not null then piece.level_source
            when raw.kind = 'access' and access.source_id is not null then coalesce(raw.level_source, 'text')
            else raw.level_source
        end as level_source,
        if(raw.kind = 'access' and access.source_id is null, null, raw.http_method) as http_method,
        if(raw.kind = 'access' and access.source_id is null, null, raw.http_status) as http_status,
        if(raw.kind = 'access' and access.source_id is null, null, raw.http_url) as http_url,
        if(raw.kind = 'access' and access.source_id is null, null, raw.http_latency_ns) as http_latency_ns
    ),
    piece.event_id
from raw_entries as raw
left join trace_pieces as piece
    on epoch_ns(raw.entry_at) = piece.entry_ns
    and raw.entry_key = piece.entry_key
left join access_sources as access on raw.source_id = access.source_id
