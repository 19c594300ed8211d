-- What was said rarely right before a cluster began, the nearest first, on the same instance before others.
-- Grain: window, cluster, pattern.
-- grain: window_id, lead_id, pattern_id
select *
from before_onsets
qualify row_number() over (
    partition by window_id, lead_id order by is_same_instance desc, entry_count asc, lag_ns asc, pattern_id asc
) <= 5
order by is_same_instance desc, entry_count asc, lag_ns asc, pattern_id asc
