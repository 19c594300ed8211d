-- When each pattern, or each problem, occurs on each side; of its entries of lower severity those in the time for which
-- the greatest was collected.
-- Grain: pair, side, subject, minute. Parameter: subject, `pattern` or `problem`. A problem has the id of its leading
-- pattern; a pattern of no cluster is a problem of its own. Of patterns events are counted: what is told over several
-- entries counts once. Of problems occurrences are (see `cluster_minutes`), or, where they happen at starts and starts
-- are known, instances by the minute of their start; what of a problem was collected on one side only does not count,
-- unless all of it was. `basis` says what they are counted against (see `pair_exposures`).
-- `smallest_instance` and `greatest_instance` are hashes of ids: they differ where several instances wrote it.
-- grain: pair_id, is_target, pattern_id, minute_ns
with

pattern_rows as (
    select
        side.pair_id,
        side.service,
        side.is_target,
        minute.pattern_id,
        'traffic' as basis,
        epoch_ns(minute.minute) as minute_ns,
        minute.severity,
        minute.effective_severity,
        minute.event_count,
        minute.entry_count,
        epoch_ns(minute.first_at) as first_ns,
        epoch_ns(minute.last_at) as last_ns,
        minute.smallest_instance_id,
        minute.greatest_instance_id
    from pair_sides(pairs) as side
    inner join pattern_minutes as minute
        on is_on_side(side, minute.service, minute.revision, epoch_ns(minute.minute))
    where minute.pattern_id <> 'no payload'
        and minute.effective_severity >= least_severity::severity_name
        and (
            subject = 'pattern'
            or (minute.service, minute.pattern_id) not in (select (service, pattern_id) from pattern_clusters)
        )
),

problem_minutes as (
    select
        side.pair_id,
        side.is_target,
        side.from_ns,
        side.to_ns,
        minute.*,
        -- what happens at starts is counted by the start, if all starts are known
        if(basis.basis <> 'starts' or pair.pair_id is not null, basis.basis, 'traffic') as basis
    from pair_sides(pairs) as side
    inner join cluster_minutes as minute
        on is_on_side(side, minute.service, minute.revision, minute.minute_ns)
    inner join problem_bases(pairs) as basis
        on minute.service = basis.service and minute.problem_id = basis.problem_id
    left join pairs_with_starts(pairs) as pair on side.pair_id = pair.pair_id
    where subject = 'problem'
        and minute.effective_severity >= least_severity::severity_name
),

collected as (
    select side.pair_id, span.severity
    from (select distinct pair_id, service, is_target, from_ns, to_ns from pair_sides(pairs)) as side
    inner join severity_spans as span
        on side.service = span.service
        and span.from_ns < side.to_ns
        and span.to_ns > side.from_ns
    where subject = 'problem'
    group by all
    having count(distinct side.is_target) = 2
),

problem_rows as (
    select
        pair_id,
        service,
        is_target,
        problem_id as pattern_id,
        basis,
        minute_ns,
        severity,
        effective_severity,
        occurrence_count as event_count,
        entry_count,
        first_ns,
        last_ns,
        smallest_instance_id,
        greatest_instance_id
    from problem_minutes
    where basis <> 'starts'
    union all
    select
        pair_id,
        service,
        is_target,
        problem_id as pattern_id,
        basis,
        unnest(failed_starts) as minute_ns,
        severity,
        effective_severity,
        1 as event_count,
        entry_count,
        first_ns,
        last_ns,
        smallest_instance_id,
        greatest_instance_id
    from problem_minutes
    where basis = 'starts'
),

placed as (
    select
        * exclude (smallest_instance_id, greatest_instance_id),
        -- ids are long: hashes of them are enough to tell one from several
        hash(smallest_instance_id) as one_instance,
        hash(greatest_instance_id) as other_instance,
        coalesce(smallest_instance_id, '') <> '' as has_instance
    from (
        from pattern_rows
        union all
        from problem_rows
    ) as known
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
    any_value(placed.basis) as basis,
    any_value(known.collected_severity) as collected_severity,
    max(placed.effective_severity) as effective_severity,
    sum(placed.event_count)::bigint as event_count,
    sum(placed.entry_count)::bigint as entry_count,
    min(placed.first_ns) as first_ns,
    max(placed.last_ns) as last_ns,
    min(least(placed.one_instance, placed.other_instance)) filter (placed.has_instance) as smallest_instance,
    max(greatest(placed.one_instance, placed.other_instance)) filter (placed.has_instance) as greatest_instance
from placed
inner join greatest_severities as known on placed.pair_id = known.pair_id and placed.pattern_id = known.pattern_id
anti join (select service, severity, minute_ns from uncovered_minutes where missing_ns > 30_000_000_000) as gap
    on placed.service = gap.service
    and known.collected_severity = gap.severity
    and placed.minute_ns = gap.minute_ns
    and placed.severity <> known.collected_severity
left join collected on placed.pair_id = collected.pair_id and placed.severity = collected.severity
where subject = 'pattern'
    or placed.severity = known.collected_severity
    or collected.pair_id is not null
group by placed.pair_id, placed.service, placed.is_target, placed.pattern_id, placed.minute_ns
