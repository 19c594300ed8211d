-- Values seen for the first time in a revision of the window. Grain: cluster, pattern, position, value.
select
    value.*,
    pattern.template
from new_values as value
inner join window_patterns as pattern on value.pattern_id = pattern.pattern_id
order by value.entry_count desc, value.first_ns, value.pattern_id, value.position, value.value
