-- Whom a cluster's entries name: in a field, or in the text as `user: x`, `user_id=x`, `for user x`, where x is
-- no plain word. Grain: window, cluster, user.
with

named as (
    select
        window_id,
        lead_id,
        coalesce(nullif("user", ''), nullif(regexp_extract(
            message,
            '(?i)\buser(?:_?id|name)?["'']?\s*[:= ]\s*["'']?([a-z0-9][a-z0-9._@:-]*[0-9_@:-][a-z0-9._@:-]*[a-z0-9])',
            1
        ), '')) as name
    from cluster_entries
)

select
    window_id,
    lead_id,
    name,
    count(*) as entry_count,
    sum(count(*)) over (partition by window_id, lead_id)::bigint as named_count,
    count(*) over (partition by window_id, lead_id) as user_kinds
from named
where name is not null
group by window_id, lead_id, name
qualify row_number() over (partition by window_id, lead_id order by count(*) desc, name) <= 3
order by entry_count desc, name
