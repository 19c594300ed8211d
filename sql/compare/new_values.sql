-- Values that only the target has at a variable position. Grain: pair, pattern, position, value.
-- Parameter: pairs (JSON).
-- grain: pair_id, pattern_id, position, value
select *
from compare_values(pairs_of($pairs))
qualify row_number() over (
    partition by pair_id order by target_count desc, pattern_id asc, position asc, value asc
) <= 20
order by pair_id asc, target_count desc, pattern_id asc, position asc, value asc
