-- Every shape that an entry has belongs to a pattern.
select raw.shape_id, count(*) as entries
from raw_entries as raw
left join shapes as shape on raw.shape_id = shape.shape_id
where raw.shape_id is not null
    and shape.pattern_id is null
group by raw.shape_id
