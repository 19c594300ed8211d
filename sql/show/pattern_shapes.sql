-- The shapes that are one pattern. Grain: shape. Parameter: pattern_id.
-- grain: shape_id
select
    shape.shape_id,
    shape.text,
    count(entry.shape_id) as entry_count,
    epoch_ns(min(entry.entry_at)) as first_ns
from shapes as shape
left join placed_entries as entry on shape.shape_id = entry.shape_id
where shape.pattern_id = $pattern_id
group by all
order by entry_count desc, first_ns asc, shape.shape_id asc
