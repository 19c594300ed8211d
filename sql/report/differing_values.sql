-- Values that stand out in a cluster against other events of its time, at most five, the surest first.
-- Grain: window, cluster, field, value.
-- grain: window_id, lead_id, field, value
select
    window_id,
    lead_id,
    field,
    value,
    own_count,
    own_total,
    own_lower,
    own_upper,
    other_count,
    other_total,
    other_upper,
    p
from differing_values
qualify row_number() over (
    partition by window_id, lead_id order by p asc, own_lower desc, field asc, value asc
) <= 5
order by p asc, own_lower desc, field asc, value asc
