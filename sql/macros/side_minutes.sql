-- When each pattern occurs on each side; of its entries of lower severity those in the time for which the greatest was
-- collected.
-- Grain: pair, side, pattern, minute. Events: what is told over several entries counts once.
-- grain: pair_id, is_target, pattern_id, minute_ns
with

placed as (
    select
        side.pair_id,
        side.service,
        side.is_target,
        minute.*,
        epoch_ns(minute.minute) as minute_ns,
        max(minute.severity) over (partition by side.pair_id, minute.pattern_id) as collected_severity
    from pair_sides(pairs) as side
    inner join pattern_minutes as minute
        on is_on_side(side, minute.service, minute.revision, epoch_ns(minute.minute))
    where minute.pattern_id <> 'no payload'
        and minute.effective_severity >= least_severity::severity_name
)

select
    placed.pair_id,
    placed.service,
    placed.is_target,
    placed.pattern_id,
    placed.minute_ns,
    any_value(placed.collected_severity) as collected_severity,
    max(placed.effective_severity) as effective_severity,
    sum(placed.event_count)::bigint as event_count,
    sum(placed.entry_count)::bigint as entry_count,
    epoch_ns(min(placed.first_at)) as first_ns,
    epoch_ns(max(placed.last_at)) as last_ns,
    min(nullif(placed.smallest_instance_id, '')) as smallest_instance_id,
    max(nullif(placed.greatest_instance_id, '')) as greatest_instance_id
from placed
anti join (select service, severity, minute_ns from uncovered_minutes where missing_ns > 30_000_000_000) as gap
    on placed.service = gap.service
    and placed.collected_severity = gap.severity
    and placed.minute_ns = gap.minute_ns
    and placed.severity <> placed.collected_severity
group by placed.pair_id, placed.service, placed.is_target, placed.pattern_id, placed.minute_ns
