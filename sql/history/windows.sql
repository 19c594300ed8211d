-- Which service has something to tell in which span. Grain: service, span. Parameter: minimum_severity.
-- grain: service, span_number
select
    minute.service,
    span.span_number
from (
    select service, revision, epoch_ns(minute) as minute_ns
    from pattern_minutes
    where greatest(severity, coalesce(level, severity)) >= $minimum_severity::severity_name
    group by all
) as minute
inner join spans as span
    on minute.minute_ns >= span.from_ns
    and minute.minute_ns < span.to_ns
    and (span.service is null or span.service = minute.service)
    and (span.revision is null or span.revision = minute.revision)
group by all
order by minute.service, span.span_number
