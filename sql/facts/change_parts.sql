-- The parts of what an audited act writes in which settings stand: the `object` itself, the `spec` of what runs, its
-- `annotations`, its `labels`, and each `container`. Grain: log entry, part, position.
-- `suffix` tells the settings of further containers apart.
-- grain: entry_at, entry_key, part, position
with

objects as (
    select
        entry_at,
        entry_key,
        object,
        written_spec(object) as spec,
        case
            when object ->> '$.kind' = 'Revision' then object -> '$.metadata'
            else coalesce(object -> '$.spec.template.metadata', object -> '$.template', object)
        end as meta
    from change_entries
    where form is not null
),

containers as (
    select
        entry_at,
        entry_key,
        unnest(from_json(spec -> '$.containers', '["json"]')) as container,
        generate_subscripts(from_json(spec -> '$.containers', '["json"]'), 1) as position
    from objects
    where json_type(spec, '$.containers') = 'ARRAY'
),

bags as (
    select
        entry_at,
        entry_key,
        unnest([meta -> '$.labels', object -> '$.metadata.labels', object -> '$.labels']) as bag,
        generate_subscripts([1, 2, 3], 1) as position
    from objects
)

select entry_at, entry_key, 'object' as part, 1::bigint as position, '' as suffix, object as body from objects
union all
select entry_at, entry_key, 'spec' as part, 1 as position, '' as suffix, spec as body from objects
union all
select entry_at, entry_key, 'annotations' as part, 1 as position, '' as suffix, meta -> '$.annotations' as body
from objects
union all
select entry_at, entry_key, 'labels' as part, position, '' as suffix, bag as body
from bags
where json_type(bag) = 'OBJECT'
union all
select
    entry_at,
    entry_key,
    'container' as part,
    position,
    case when position > 1 then 'of container ' || coalesce(container ->> '$.name', position::varchar) else '' end
        as suffix,
    container as body
from containers
