-- A cluster's entries over the covered part of the window, for a line of bars. Grain: window, cluster.
-- grain: window_id, lead_id
select window_id, lead_id, counts
from cluster_bars
