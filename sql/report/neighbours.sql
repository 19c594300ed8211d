-- What is written within a second of a cluster's lead. Grain: window, cluster, pattern.
-- grain: window_id, lead_id, pattern_id
select *
from cluster_neighbours
qualify row_number() over (
    partition by window_id, lead_id order by together_count desc, chance, abs(lag_ns), pattern_id
) <= 5
order by together_count desc, chance, abs(lag_ns), pattern_id
