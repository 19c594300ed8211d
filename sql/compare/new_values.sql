-- Values that only the target has at a variable position. Grain: pair, pattern, position, value.
-- Parameter: pairs (JSON).
-- grain: pair_id, pattern_id, position, value
select *
from compare_values(pairs_of($pairs))
qualify row_number() over (partition by pair_id order by target_count desc, pattern_id, position, value) <= 20
order by pair_id, target_count desc, pattern_id, position, value
