-- What stands at the variable positions of templates, in the entries of clusters.
-- Grain: window, cluster, pattern, position, value.
-- grain: window_id, lead_id, pattern_id, position, value
with

texts as (
    select
        entry.window_id,
        entry.lead_id,
        entry.pattern_id,
        entry.message,
        count(*) as entry_count
    from cluster_entries as entry
    inner join window_patterns as pattern using (window_id, pattern_id)
    where pattern.kind = 'message'
        and entry.message is not null
    group by all
),

found as (
    select
        texts.window_id,
        texts.lead_id,
        texts.pattern_id,
        texts.entry_count,
        unnest(from_json(
            template_values(pattern.template, texts.message),
            '[{"position": "INTEGER", "name": "VARCHAR", "kind": "VARCHAR", "value": "VARCHAR"}]'
        )) as variable
    from texts
    inner join window_patterns as pattern using (window_id, pattern_id)
)

select
    window_id,
    lead_id,
    pattern_id,
    variable.position as position,
    any_value(variable.name order by variable.name) as name,
    any_value(variable.kind order by variable.kind) as kind,
    variable.value as value,
    sum(entry_count)::bigint as entry_count
from found
where variable.value <> ''
group by window_id, lead_id, pattern_id, variable.position, variable.value
