-- What changed with a window's last revision, problem by problem, as far as was known when it ended. Grain: window,
-- problem. `reworded_count` patterns of it came or went while it went on.
-- grain: window_id, pattern_id
with

reworded as (
    select window_id, cluster_id, count(*) as reworded_count
    from window_changes
    where verdict = 'reworded'
    group by all
)

select
    pair.window_id,
    changes.* exclude (pair_id),
    coalesce(reworded.reworded_count, 0) as reworded_count
from compare_pairs(
    (select list(distinct pair) from (select * exclude (window_id) from window_pairs) as pair), 'NOTICE', 'problem'
) as changes
inner join window_pairs as pair using (pair_id)
left join reworded
    on pair.window_id = reworded.window_id and changes.pattern_id = reworded.cluster_id
