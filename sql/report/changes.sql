-- Problems compared between the window's last revision and the one before, what matters most first. A problem has the
-- id of its leading pattern. Grain: window, problem.
-- grain: window_id, pattern_id
select
    change.* exclude (p, target_minutes, base_minutes, target_last_ns, reason, reworded_count),
    nullif(concat_ws(
        '; ',
        change.reason,
        'told in other words: ' || nullif(change.reworded_count, 0) || ' of its patterns came or went'
    ), '') as reason,
    member.cluster_number,
    trait.kind
from window_problems as change
left join pattern_traits as trait
    on change.service = trait.service and change.pattern_id = trait.pattern_id
left join (
    select
        pattern.window_id,
        pattern.pattern_id,
        cluster.cluster_number
    from cluster_patterns as pattern
    inner join clusters as cluster using (window_id, lead_id)
) as member on change.window_id = member.window_id and change.pattern_id = member.pattern_id
order by
    verdict_place(change.verdict) asc,
    change.severity_number desc,
    abs(change.excess_count) desc nulls last,
    change.target_count + change.base_count desc,
    change.pattern_id is distinct from change.cluster_id asc,
    change.pattern_id asc
