-- What stage two of mining starts from.
-- Grain: shape.
select
    raw.shape_id,
    any_value(shape.kind) as kind,
    any_value(shape.text) as text,
    count(*) as entry_count,
    epoch_ns(min(raw.entry_at)) as first_at_ns
from raw_entries as raw
inner join raw_shapes as shape on raw.shape_id = shape.shape_id
group by raw.shape_id
order by raw.shape_id
