-- Values seen for the first time in a revision of the window. Grain: window, cluster, pattern, position, value.
-- grain: window_id, lead_id, pattern_id, position, value
select
    value.*,
    pattern.template
from new_values as value
inner join window_patterns as pattern using (window_id, pattern_id)
order by value.entry_count desc, value.first_ns asc, value.pattern_id asc, value.position asc, value.value asc
