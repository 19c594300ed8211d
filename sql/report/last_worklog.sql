-- The worklog before. Grain: window that has one.
-- grain: window_id
select distinct
    window_id,
    epoch_ns(window_from_at) as from_ns,
    epoch_ns(window_to_at) as to_ns
from clusters_before
