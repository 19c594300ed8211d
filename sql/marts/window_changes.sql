-- What changed with a window's last revision, as far as was known when it ended. Grain: window, pattern.
-- grain: window_id, pattern_id
select
    pair.window_id,
    changes.* exclude (pair_id)
from compare_pairs((select list(distinct pair) from (select * exclude (window_id) from window_pairs) as pair), 'NOTICE')
    as changes
inner join window_pairs as pair using (pair_id)
