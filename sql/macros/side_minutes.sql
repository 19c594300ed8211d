-- When each pattern occurs on each side; of its entries of lower severity those in the time for which the greatest was
-- collected.
-- `smallest_instance` and `greatest_instance` are hashes of ids: they differ where several instances wrote it.
-- Grain: pair, side, pattern, minute. Events: what is told over several entries counts once.
-- grain: pair_id, is_target, pattern_id, minute_ns
with

placed as (
    select
        side.pair_id,
        side.service,
        side.is_target,
        minute.pattern_id,
        epoch_ns(minute.minute) as minute_ns,
        minute.severity,
        minute.effective_severity,
        minute.event_count,
        minute.entry_count,
        minute.first_at,
        minute.last_at,
        -- ids are long: hashes of them are enough to tell one from several
        hash(minute.smallest_instance_id) as one_instance,
        hash(minute.greatest_instance_id) as other_instance,
        minute.smallest_instance_id <> '' as has_instance
    from pair_sides(pairs) as side
    inner join pattern_minutes as minute
        on is_on_side(side, minute.service, minute.revision, epoch_ns(minute.minute))
    where minute.pattern_id <> 'no payload'
        and minute.effective_severity >= least_severity::severity_name
),

greatest_severities as (
    select pair_id, pattern_id, max(severity) as collected_severity
    from placed
    group by all
)

select
    placed.pair_id,
    placed.service,
    placed.is_target,
    placed.pattern_id,
    placed.minute_ns,
    any_value(known.collected_severity) as collected_severity,
    max(placed.effective_severity) as effective_severity,
    sum(placed.event_count)::bigint as event_count,
    sum(placed.entry_count)::bigint as entry_count,
    epoch_ns(min(placed.first_at)) as first_ns,
    epoch_ns(max(placed.last_at)) as last_ns,
    min(least(placed.one_instance, placed.other_instance)) filter (placed.has_instance) as smallest_instance,
    max(greatest(placed.one_instance, placed.other_instance)) filter (placed.has_instance) as greatest_instance
from placed
inner join greatest_severities as known on placed.pair_id = known.pair_id and placed.pattern_id = known.pattern_id
anti join (select service, severity, minute_ns from uncovered_minutes where missing_ns > 30_000_000_000) as gap
    on placed.service = gap.service
    and known.collected_severity = gap.severity
    and placed.minute_ns = gap.minute_ns
    and placed.severity <> known.collected_severity
group by placed.pair_id, placed.service, placed.is_target, placed.pattern_id, placed.minute_ns
