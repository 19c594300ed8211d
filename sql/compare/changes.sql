-- Patterns compared, what matters most first: verdict, then severity, then how many events more than the base's rate
-- would give. Grain: pair, pattern. Parameters: pairs (JSON), least_severity.
-- grain: pair_id, pattern_id
select
    changes.*,
    trait.kind
from compare_pairs(pairs_of($pairs), $least_severity) as changes
left join pattern_traits as trait
    on changes.service = trait.service and changes.pattern_id = trait.pattern_id
order by
    changes.pair_id asc,
    verdict_place(changes.verdict) asc,
    changes.severity_number desc,
    abs(changes.excess_count) desc nulls last,
    changes.target_count + changes.base_count desc,
    changes.pattern_id is distinct from changes.cluster_id asc,
    changes.pattern_id asc
