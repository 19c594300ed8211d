-- Every shape that is kept belongs to a pattern, and an entry has one that is not only where the bound was reached: then
-- its id is greater than all that are kept.
select entry.shape_id, count(*) as entries
from shaped_entries as entry
left join shapes as shape on entry.shape_id = shape.shape_id
where entry.shape_id is not null
    and shape.pattern_id is null
    and entry.shape_id <= (select max(shape_id) from raw_shapes)
group by entry.shape_id
