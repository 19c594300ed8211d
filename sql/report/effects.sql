-- What follows a cluster. Grain: window, cluster, consequence.
-- grain: window_id, lead_id, effect_number
select
    follow.window_id,
    follow.cause_id as lead_id,
    effect.cluster_number as effect_number,
    effect.name as effect_name,
    follow.reason,
    follow.together_count,
    follow.member_count,
    follow.lag_ns
from cluster_follows as follow
inner join clusters as effect using (window_id, lead_id)
order by effect.cluster_number
