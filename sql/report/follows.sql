-- What a cluster follows. Grain: window, cluster, cause.
-- grain: window_id, lead_id, cause_number
select
    follow.window_id,
    follow.lead_id,
    cause.cluster_number as cause_number,
    cause.name as cause_name,
    follow.reason,
    follow.together_count,
    follow.member_count,
    follow.lag_ns,
    follow.chance
from cluster_follows as follow
inner join clusters as cause on follow.window_id = cause.window_id and follow.cause_id = cause.lead_id
order by follow.together_count desc, cause.cluster_number asc
