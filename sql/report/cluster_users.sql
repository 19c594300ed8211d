-- Whom a cluster's entries name. Grain: cluster, user.
select
    lead_id,
    "user" as name,
    count(*) as entry_count,
    sum(count(*)) over (partition by lead_id)::bigint as named_count,
    count(*) over (partition by lead_id) as user_kinds
from cluster_entries
where "user" <> ''
group by lead_id, "user"
order by entry_count desc, name
limit 60
