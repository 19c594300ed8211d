-- Stored entries with their pattern; beyond the shapes that are kept apart, `other messages`.
-- Grain: log entry. An entry without payload has none here; `patterns` counts it as `no payload`.
-- grain: entry_at, entry_key
select
    entry.*,
    case when entry.shape_id is not null then coalesce(shape.pattern_id, 'other messages') end as pattern_id
from shaped_entries as entry
left join shapes as shape on entry.shape_id = shape.shape_id
