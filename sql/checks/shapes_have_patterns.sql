-- Every shape belongs to a pattern, save those from the id on at which the bound was reached.
select entry.shape_id, sum(entry.entry_count) as entries
from (
    select shape_id, entry_count from shape_minutes
    union all
    select shape_id, entry_count from counted_entries
) as entry
left join shapes as shape on entry.shape_id = shape.shape_id
left join meta on meta.key = 'shapes_end'
where entry.shape_id is not null
    and shape.pattern_id is null
    and (meta.value is null or entry.shape_id < meta.value)
group by entry.shape_id
