-- Clusters seen in the same minutes, the surest first. Grain: window, cluster, other cluster.
-- grain: window_id, lead_id, other_id
select
    correlation.* exclude (p_of_all),
    other.cluster_number as other_number,
    other.name as other_name
from cluster_correlations as correlation
inner join clusters as other
    on correlation.window_id = other.window_id and correlation.other_id = other.lead_id
-- what follows a cluster is reported there
anti join cluster_follows as follow
    on correlation.window_id = follow.window_id
    and least(correlation.lead_id, correlation.other_id) = least(follow.lead_id, follow.cause_id)
    and greatest(correlation.lead_id, correlation.other_id) = greatest(follow.lead_id, follow.cause_id)
-- once a pair, where it says more
where (correlation.own_count, correlation.lead_id) < (correlation.other_count, correlation.other_id)
qualify row_number() over (
    partition by correlation.window_id, correlation.lead_id
    order by correlation.lift_lower desc, other.cluster_number asc
) <= 3
order by correlation.lift_lower desc, other.cluster_number asc
