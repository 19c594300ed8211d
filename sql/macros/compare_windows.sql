-- Two times compared, all revisions of each service together. Grain: service, pattern.
-- grain: service, pattern_id
from compare_pairs((
    select list({
        pair_id: service,
        service: service,
        base_revision: null::varchar,
        base_from_ns: epoch_ns(base_from::timestamp_ns),
        base_to_ns: epoch_ns(base_to::timestamp_ns),
        target_revision: null::varchar,
        target_from_ns: epoch_ns(target_from::timestamp_ns),
        target_to_ns: epoch_ns(target_to::timestamp_ns)
    })
    from (select distinct service from revision_minutes) as known
    where only_service is null or service = only_service or starts_with(service, only_service || ' (')
), least_severity, subject)
