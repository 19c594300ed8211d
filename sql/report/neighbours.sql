-- What is written within a second of a cluster's lead. Grain: window, cluster, pattern.
-- grain: window_id, lead_id, pattern_id
select *
from cluster_neighbours
qualify row_number() over (
    partition by window_id, lead_id order by together_count desc, chance asc, abs(lag_ns) asc, pattern_id asc
) <= 5
order by together_count desc, chance asc, abs(lag_ns) asc, pattern_id asc
