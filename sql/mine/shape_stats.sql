-- What stage two of mining starts from.
-- Grain: shape that is kept apart.
-- grain: shape_id
with

counted as (
    select
        entry.shape_id,
        coalesce(event.kind, shape.kind) as kind,
        coalesce(event.shape_text, shape.text) as text,
        count(*) as entry_count,
        epoch_ns(min(entry.entry_at)) as first_at_ns
    from shaped_entries as entry
    left join trace_events as event on entry.event_id = event.event_id
    left join raw_shapes as shape on entry.shape_id = shape.shape_id
    where event.event_id is not null
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
