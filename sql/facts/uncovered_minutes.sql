-- Minutes in which a service logged and of which one of its severities was not, or only in part, collected.
-- Grain: service, severity, minute. `missing_ns` of its 60 s.
-- grain: service, severity, minute_ns
with

-- the minutes that hold an end of a span, and those between, before and after spans
candidates as (
    select
        service,
        severity,
        to_ns // 60_000_000_000 * 60_000_000_000 as first_ns,
        coalesce(
            lead(from_ns) over (partition by service, severity order by from_ns),
            9_223_372_036_854_775_807
        ) as last_ns
    from severity_spans
    union all
    select
        known.service,
        known.severity,
        -9_223_372_036_854_775_807 as first_ns,
        coalesce(min(span.from_ns), 9_223_372_036_854_775_807) as last_ns
    from (select distinct service, severity from pattern_minutes) as known
    left join severity_spans as span
        on known.service = span.service
        and known.severity = span.severity
    group by known.service, known.severity
),

looked_at as (
    select distinct
        candidates.service,
        candidates.severity,
        minute.minute_ns
    from candidates
    inner join service_minutes as minute
        on candidates.service = minute.service
        and candidates.first_ns <= minute.minute_ns
        and candidates.last_ns >= minute.minute_ns
)

select
    looked_at.service,
    looked_at.severity,
    looked_at.minute_ns,
    60_000_000_000 - coalesce(sum(
        least(span.to_ns, looked_at.minute_ns + 60_000_000_000) - greatest(span.from_ns, looked_at.minute_ns)
    ) filter (span.severity is not null), 0)::bigint as missing_ns
from looked_at
left join severity_spans as span
    on looked_at.service = span.service
    and looked_at.severity = span.severity
    and span.from_ns < looked_at.minute_ns + 60_000_000_000
    and span.to_ns > looked_at.minute_ns
group by looked_at.service, looked_at.severity, looked_at.minute_ns
having missing_ns > 0
