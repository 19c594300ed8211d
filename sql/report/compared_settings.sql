-- What is known of the settings of the compared revisions. Grain: window.
-- grain: window_id
select
    pair.window_id,
    settings.* exclude (pair_id)
from window_pairs as pair
inner join compare_settings((
    select list(window_pairs) from window_pairs where window_id = pair_id
)) as settings using (pair_id)
order by pair.window_id
