-- Entries that an engine counted and that are not stored, with their pattern.
-- Grain: source, severity, level, kind, shape, status of requests, minute.
-- grain: source_id, severity, level, kind, shape_id, http_status, minute_ns
select
    counted.*,
    case when counted.shape_id is not null then coalesce(shape.pattern_id, 'other messages') end as pattern_id
from counted_entries as counted
left join shapes as shape on counted.shape_id = shape.shape_id
