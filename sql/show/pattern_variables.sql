-- What stands at the variable positions, over the whole archive. Grain: position. Parameter: pattern_id.
-- grain: position
with

texts as (
    select
        message,
        count(*) as entry_count
    from entries
    where pattern_id = $pattern_id
        and kind = 'message'
        and message is not null
    group by message
),

found as (
    select
        texts.entry_count,
        unnest(from_json(
            template_values(pattern.template, texts.message),
            '[{"position": "INTEGER", "name": "VARCHAR", "kind": "VARCHAR", "value": "VARCHAR"}]'
        )) as variable
    from texts
    cross join (select template from patterns where pattern_id = $pattern_id) as pattern
),

counted as (
    select
        variable.position as position,
        any_value(variable.name order by variable.name) as name,
        any_value(variable.kind order by variable.kind) as kind,
        variable.value as value,
        sum(entry_count)::bigint as entry_count
    from found
    group by variable.position, variable.value
)

select
    position,
    any_value(name order by name) as name,
    list(distinct kind order by kind) as kinds,
    count(*) as value_kinds,
    sum(entry_count)::bigint as entry_count,
    list({value: value, entry_count: entry_count} order by entry_count desc, value asc)[1:5] as commonest
from counted
group by position
order by position
