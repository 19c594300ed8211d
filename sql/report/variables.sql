-- Variable positions of the templates. Grain: cluster, pattern, position.
select
    variable.*,
    variable.value_kinds = 1 as is_constant,
    pattern.template
from cluster_variables as variable
inner join window_patterns as pattern on variable.pattern_id = pattern.pattern_id
where len(variable.commonest) <= 200
order by pattern.place, variable.position
