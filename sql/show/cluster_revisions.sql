-- A cluster's lead from revision to revision. Grain: revision, oldest first. Parameters: service, cluster_id.
-- grain: revision
select
    change.revision,
    change.base_revision,
    change.verdict,
    change.base_count,
    change.target_count,
    change.ratio,
    change.ratio_lower,
    change.ratio_upper,
    change.q,
    change.reason
from revision_changes as change
inner join revisions as revision using (service, revision)
where change.service = $service
    and change.pattern_id = $cluster_id
order by revision.first_at, change.revision
