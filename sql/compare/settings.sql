-- What is known of the settings of both sides' revisions. Grain: pair. Parameter: pairs (JSON).
-- grain: pair_id
select *
from compare_settings(pairs_of($pairs))
order by pair_id
