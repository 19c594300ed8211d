-- Whom a cluster's entries name. Grain: window, cluster, user.
-- grain: window_id, lead_id, name
with

named as (
    select
        window_id,
        lead_id,
        named_user("user", message) as name
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
qualify row_number() over (partition by window_id, lead_id order by count(*) desc, name asc) <= 3
order by entry_count desc, name asc
