-- What each revision changed for sure against the one before it. Grain: service, revision, pattern.
-- grain: none (names the template of a pattern, not its id)
select
    change.service,
    change.revision,
    change.base_revision,
    change.verdict,
    coalesce(change.target_severity, change.base_severity) as severity,
    change.template,
    change.base_count,
    change.target_count,
    change.ratio,
    change.ratio_lower,
    change.ratio_upper,
    change.q,
    change.reason,
    change.cluster_id
from revision_changes as change
where is_change(change.verdict)
order by
    change.service asc,
    change.revision asc,
    verdict_place(change.verdict) asc,
    change.severity_number desc,
    abs(change.excess_count) desc nulls last,
    change.pattern_id is distinct from change.cluster_id asc,
    change.pattern_id asc
