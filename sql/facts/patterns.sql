-- Templates with their counts; entries that carry nothing to mine are one pattern of their own.
-- Grain: pattern.
with

kinds as (
    select
        coalesce(shape.pattern_id, 'no payload') as pattern_id,
        raw.kind,
        count(*) as entry_count,
        min(raw.entry_at) as first_at,
        max(raw.entry_at) as last_at
    from raw_entries as raw
    left join shapes as shape on raw.shape_id = shape.shape_id
    group by all
)

select
    kinds.pattern_id,
    coalesce(any_value(template.template), '(no payload)') as template,
    arg_max(kinds.kind, (kinds.entry_count, kinds.kind)) as kind,
    sum(kinds.entry_count)::bigint as entry_count,
    min(kinds.first_at) as first_at,
    max(kinds.last_at) as last_at
from kinds
left join pattern_templates as template on kinds.pattern_id = template.pattern_id
group by kinds.pattern_id
