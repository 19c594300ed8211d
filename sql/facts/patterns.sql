-- Templates with their counts; entries that carry nothing to mine are one pattern of their own, and so are those beyond
-- the shapes that are kept apart.
-- Grain: pattern.
-- grain: pattern_id
with

kinds as (
    select
        coalesce(pattern_id, 'no payload') as pattern_id,
        kind,
        sum(entry_count)::bigint as entry_count,
        min(first_at) as first_at,
        max(last_at) as last_at
    from (
        select
            case when minute.shape_id is not null then coalesce(shape.pattern_id, 'other messages') end as pattern_id,
            minute.kind,
            minute.entry_count,
            minute.first_at,
            minute.last_at
        from shape_minutes as minute
        left join shapes as shape on minute.shape_id = shape.shape_id
        union all
        select pattern_id, kind, entry_count, first_at, last_at
        from placed_counts
    ) as counted
    group by all
)

select
    kinds.pattern_id,
    coalesce(any_value(template.template), '(' || kinds.pattern_id || ')') as template,
    any_value(template.rule_id) as rule_id,
    arg_max(kinds.kind, (kinds.entry_count, kinds.kind)) as kind,
    sum(kinds.entry_count)::bigint as entry_count,
    min(kinds.first_at) as first_at,
    max(kinds.last_at) as last_at
from kinds
left join pattern_templates as template on kinds.pattern_id = template.pattern_id
group by kinds.pattern_id
