-- What of the target comes at the same time of day as on most earlier days: within two hours on the target's side, and,
-- with half an hour to spare, on more than half of the last 14 days that were collected at that time, three or more, at
-- least half as often on one of them. Grain: pair, subject. Parameter: subject (see `side_minutes`).
-- grain: pair_id, pattern_id
with

narrow as (
    select
        pair_id,
        service,
        pattern_id,
        any_value(collected_severity) as severity,
        min(first_ns) as from_ns,
        max(last_ns) as to_ns,
        sum(event_count)::bigint as event_count
    from side_minutes(pairs, least_severity, subject)
    where is_target
        and event_count > 0
    group by all
    having max(last_ns) - min(first_ns) <= 7_200_000_000_000
),

days as (
    select
        narrow.*,
        known.day,
        narrow.from_ns - known.day * 86_400_000_000_000 - 1_800_000_000_000 as day_from_ns,
        narrow.to_ns - known.day * 86_400_000_000_000 + 1_800_000_000_000 as day_to_ns
    from narrow
    cross join range(1, 15) as known (day)
),

collected as (
    select days.*
    from days
    semi join severity_spans as span
        on days.service = span.service
        and days.severity = span.severity
        and days.day_from_ns >= span.from_ns
        and days.day_to_ns <= span.to_ns
    semi join service_minutes as minute
        on days.service = minute.service
        and days.day_from_ns <= minute.minute_ns
        and days.day_to_ns > minute.minute_ns
),

earlier as (
    select
        service,
        pattern_id,
        epoch_ns(minute) as minute_ns,
        event_count
    from pattern_minutes
    where subject = 'pattern'
    union all
    select
        service,
        problem_id as pattern_id,
        minute_ns,
        occurrence_count as event_count
    from cluster_minutes
    where subject = 'problem'
),

counted as (
    select
        collected.pair_id,
        collected.pattern_id,
        collected.day,
        any_value(collected.from_ns) as from_ns,
        any_value(collected.event_count) as event_count,
        coalesce(sum(earlier.event_count), 0)::bigint as earlier_count
    from collected
    left join earlier
        on collected.service = earlier.service
        and collected.pattern_id = earlier.pattern_id
        and collected.day_from_ns <= earlier.minute_ns
        and collected.day_to_ns > earlier.minute_ns
    group by collected.pair_id, collected.pattern_id, collected.day
)

select
    pair_id,
    pattern_id,
    format(
        'at {} UTC on {} of {} days before',
        strftime(make_timestamp_ns(any_value(from_ns)), '%H:%M'), count(*) filter (earlier_count > 0), count(*)
    ) as habit
from counted
group by pair_id, pattern_id
having count(*) >= 3
    and count(*) filter (earlier_count > 0) > 0.5 * count(*)
    and any_value(event_count) <= 2 * max(earlier_count)
