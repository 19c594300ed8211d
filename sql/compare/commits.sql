-- The commits that the revisions of each pair were built from, where anything names them. Grain: pair. Parameter: pairs
-- (JSON).
-- grain: pair_id
select
    pair.pair_id,
    base.commit_name as base_commit,
    target.commit_name as target_commit
from (select unnest(pairs_of($pairs), recursive := true)) as pair
left join revision_commits as base
    on pair.service = base.service
    and pair.base_revision = base.revision
left join revision_commits as target
    on pair.service = target.service
    and pair.target_revision = target.revision
order by pair.pair_id
