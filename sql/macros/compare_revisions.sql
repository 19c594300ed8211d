-- Two revisions compared, by name, part of a name, `latest` or `previous`. Grain: service, pattern.
-- grain: service, pattern_id
from compare_pairs((
    select list({
        pair_id: base_side.service,
        service: base_side.service,
        base_revision: base_side.revision,
        base_from_ns: base_side.from_ns,
        base_to_ns: base_side.to_ns,
        target_revision: target_side.revision,
        target_from_ns: target_side.from_ns,
        target_to_ns: target_side.to_ns
    })
    from revision_sides(base, target) as base_side
    inner join revision_sides(target, base) as target_side using (service)
    where only_service is null or base_side.service = only_service
        or starts_with(base_side.service, only_service || ' (')
), least_severity, subject)
