-- What the payloads of a cluster's lead say beside the message: values that stay the same, and how those vary that
-- don't.
-- Grain: window, cluster, path of a field that is no list.
-- grain: window_id, lead_id, path
with

counted as (
    select
        window_id,
        lead_id,
        path,
        value,
        count(*) as value_count,
        min(entry_at) as first_at
    from payload_leaves
    where path not like '%[]%'
        and value <> ''
    group by all
)

select
    window_id,
    lead_id,
    path,
    sum(value_count)::bigint as entry_count,
    count(*) as value_kinds,
    arg_max(value, (value_count, value)) as commonest,
    max(value_count) as commonest_count,
    list(value order by value_count desc, first_at asc, value asc)[1:3] as examples
from counted
group by all
