-- What changed with a window's last revision, as far as was known when it ended. Grain: window, pattern.
select
    changes.pair_id as window_id,
    changes.* exclude (pair_id)
from compare_pairs((select list(pair) from window_pairs as pair), 'NOTICE') as changes
