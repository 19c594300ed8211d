-- Minutes of which a severity was not, or only in part, collected, though others were.
-- Grain: severity, minute in which anything was logged. `missing_ns` of its 60 s.
-- grain: severity, minute_ns
with

minutes as (
    select distinct minute_ns
    from service_minutes
),

-- the minutes that hold an end of a span, and those between spans
candidates as (
    select
        severity,
        to_ns // 60_000_000_000 * 60_000_000_000 as first_ns,
        coalesce(
            lead(from_ns) over (partition by severity order by from_ns),
            to_ns
        ) as last_ns
    from severity_spans
    union all
    select
        severities.severity,
        -9_223_372_036_854_775_807 as first_ns,
        coalesce(min(span.from_ns), 9_223_372_036_854_775_807) as last_ns
    from (select unnest(enum_range(null::severity_name))::severity_name as severity) as severities
    left join severity_spans as span using (severity)
    group by severities.severity
),

looked_at as (
    select distinct
        candidates.severity,
        minutes.minute_ns
    from candidates
    inner join minutes
        on minutes.minute_ns >= candidates.first_ns
        and minutes.minute_ns <= candidates.last_ns
)

select
    looked_at.severity,
    looked_at.minute_ns,
    60_000_000_000 - coalesce(sum(
        least(span.to_ns, looked_at.minute_ns + 60_000_000_000) - greatest(span.from_ns, looked_at.minute_ns)
    ) filter (span.severity is not null), 0)::bigint as missing_ns
from looked_at
left join severity_spans as span
    on looked_at.severity = span.severity
    and span.from_ns < looked_at.minute_ns + 60_000_000_000
    and span.to_ns > looked_at.minute_ns
group by looked_at.severity, looked_at.minute_ns
having missing_ns > 0
