-- What stage two of mining starts from.
-- Grain: shape that is kept apart.
-- grain: shape_id
with

-- the whole of an event has a shape that no entry may have
event_shapes as (
    select shape_id, min(kind) as kind, min(shape_text) as text
    from trace_events
    group by shape_id
),

counted as (
    select
        minute.shape_id,
        coalesce(event.kind, shape.kind) as kind,
        coalesce(event.text, shape.text) as text,
        sum(minute.entry_count)::bigint as entry_count,
        epoch_ns(min(minute.first_at)) as first_at_ns
    from shape_minutes as minute
    left join event_shapes as event on minute.shape_id = event.shape_id
    left join raw_shapes as shape on minute.shape_id = shape.shape_id
    where event.shape_id is not null
        or shape.shape_id is not null
    group by all
    union all
    select
        counted.shape_id,
        shape.kind,
        shape.text,
        sum(counted.entry_count)::bigint as entry_count,
        epoch_ns(min(counted.first_at)) as first_at_ns
    from counted_entries as counted
    inner join raw_shapes as shape on counted.shape_id = shape.shape_id
    group by all
)

select
    shape_id,
    any_value(kind) as kind,
    any_value(text) as text,
    sum(entry_count)::bigint as entry_count,
    min(first_at_ns) as first_at_ns
from counted
group by shape_id
order by shape_id
