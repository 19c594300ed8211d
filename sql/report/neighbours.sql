-- What is written within a second of a cluster's lead. Grain: cluster, pattern.
select *
from cluster_neighbours
order by together_count desc, chance, abs(lag_ns), pattern_id
limit 40
