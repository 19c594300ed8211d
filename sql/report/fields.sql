-- Fields of the payloads, those that never vary first. Grain: window, cluster, path.
-- grain: window_id, lead_id, path
select
    field.window_id,
    field.lead_id,
    field.path,
    -- the last key; one that has dots or blanks itself stands in quotes
    coalesce(
        nullif(regexp_extract(field.path, '"([^"]+)"$', 1), ''), regexp_extract(field.path, '[^.]+$')
    ) as field,
    field.entry_count,
    field.value_kinds,
    field.commonest,
    field.commonest_count,
    field.examples,
    counts.lead_count,
    field.value_kinds = 1 as is_constant
from cluster_fields as field
inner join (
    select window_id, lead_id, count(*) as lead_count from cluster_entries where is_lead group by all
) as counts using (window_id, lead_id)
where len(field.commonest) <= 300
order by field.value_kinds > 1 asc, field.entry_count desc, field.path asc
