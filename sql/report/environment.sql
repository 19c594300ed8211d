-- Where the window's entries come from: project, location, instances, and labels of the entries.
-- Grain: name of a fact, value; the commonest values first.
with

inside as (
    select project, location, instance_id, labels
    from entries
    where service = $service
        and entry_at >= make_timestamp_ns($from_ns)
        and entry_at < make_timestamp_ns($to_ns)
),

facts as (
    select 'project' as fact, project as value, count(*) as entry_count from inside group by all
    union all
    select 'location', location, count(*) from inside group by all
    union all
    select 'instance', instance_id, count(*) from inside group by all
    union all
    select 'label ' || label.key, label.value ->> '$', sum(sets.entry_count)::bigint
    from (select labels, count(*) as entry_count from inside where labels is not null group by all) as sets,
        json_each(sets.labels) as label
    where label.key not in ('instanceId', 'instance_id')
    group by all
)

select
    fact,
    value,
    entry_count,
    count(*) over (partition by fact) as value_kinds,
    sum(entry_count) over (partition by fact)::bigint as fact_count,
    (select count(*) from inside) as window_count
from facts
where value <> ''
qualify row_number() over (partition by fact order by entry_count desc, value) <= 5
order by fact, entry_count desc, value
