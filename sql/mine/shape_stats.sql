-- What stage two of mining starts from.
-- Grain: shape that is kept apart.
select
    entry.shape_id,
    coalesce(any_value(event.kind), any_value(shape.kind)) as kind,
    coalesce(any_value(event.shape_text), any_value(shape.text)) as text,
    count(*) as entry_count,
    epoch_ns(min(entry.entry_at)) as first_at_ns
from shaped_entries as entry
left join trace_events as event on entry.event_id = event.event_id
left join raw_shapes as shape on entry.shape_id = shape.shape_id
where event.event_id is not null
    or shape.shape_id is not null
group by entry.shape_id
order by entry.shape_id
