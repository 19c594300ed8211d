-- Variable positions of the templates. Grain: window, cluster, pattern, position.
-- grain: window_id, lead_id, pattern_id, position
select
    variable.*,
    variable.value_kinds = 1 as is_constant,
    pattern.template
from cluster_variables as variable
inner join window_patterns as pattern using (window_id, pattern_id)
inner join cluster_patterns as member using (window_id, pattern_id)
where len(variable.commonest) <= 200
    -- what one entry holds says nothing of what varies
    and variable.entry_count > 1
    -- of the members only what the text names, and only what is no whole path or address
    and (member.is_lead or (variable.name is not null and variable.kind not in ('path', 'url')))
order by pattern.place, variable.position
