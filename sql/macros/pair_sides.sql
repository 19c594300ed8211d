-- The two sides of each pair, by revision: one that names no revision means all that were seen in its time.
-- Grain: pair, side, revision.
-- grain: pair_id, is_target, revision
with

pair as (
    select unnest(pairs, recursive := true)
),

sides as (
    select pair_id, service, false as is_target, base_revision as revision, base_from_ns as from_ns, base_to_ns as to_ns
    from pair
    union all
    select pair_id, service, true as is_target, target_revision, target_from_ns, target_to_ns
    from pair
)

select
    sides.pair_id,
    sides.service,
    sides.is_target,
    known.revision,
    sides.from_ns,
    sides.to_ns
from sides
inner join (select distinct service, revision from revision_minutes) as known
    on sides.service = known.service
    and (sides.revision is null or sides.revision = known.revision)
