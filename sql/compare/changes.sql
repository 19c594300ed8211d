-- Patterns or problems compared, what matters most first: verdict, then severity, then how many more than the base's
-- rate would give. Grain: pair, subject. Parameters: pairs (JSON), least_severity, subject (`pattern` or `problem`).
-- A problem has the id of its leading pattern; `problem_id` says of which problem a pattern is.
-- grain: pair_id, pattern_id
select
    changes.*,
    trait.kind,
    trait.rule_name as name,
    coalesce(if(cluster.reason = 'once a start', null, cluster.cluster_id), changes.pattern_id) as problem_id
from compare_pairs(pairs_of($pairs), $least_severity, $subject) as changes
left join pattern_traits as trait
    on changes.service = trait.service and changes.pattern_id = trait.pattern_id
left join pattern_clusters as cluster
    on changes.service = cluster.service and changes.pattern_id = cluster.pattern_id
order by
    changes.pair_id asc,
    verdict_place(changes.verdict) asc,
    changes.severity_number desc,
    abs(changes.excess_count) desc nulls last,
    changes.target_count + changes.base_count desc,
    changes.pattern_id is distinct from changes.cluster_id asc,
    changes.pattern_id asc
