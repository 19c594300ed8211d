-- Variable positions with their commonest values. Grain: window, cluster, pattern, position.
-- grain: window_id, lead_id, pattern_id, position
select
    value.window_id,
    value.lead_id,
    value.pattern_id,
    value.position,
    any_value(value.name order by value.name) as name,
    any_value(value.kind order by value.kind) as kind,
    count(*) as value_kinds,
    sum(value.entry_count)::bigint as entry_count,
    arg_max(value.value, (value.entry_count, value.value)) as commonest,
    max(value.entry_count) as commonest_count,
    list(value.value order by value.entry_count desc, value.value asc)[1:3] as examples
from variable_values as value
group by value.window_id, value.lead_id, value.pattern_id, value.position
