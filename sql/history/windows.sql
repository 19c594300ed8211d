-- Services with entries to report in a time span. Grain: service, span. Parameter: minimum_severity.
-- grain: service, span_number
select
    minute.service,
    span.span_number
from (
    select service, revision, epoch_ns(minute) as minute_ns
    from pattern_minutes
    where effective_severity >= $minimum_severity::severity_name
    group by all
) as minute
inner join spans as span
    on is_in_span(span, minute.service, minute.revision, minute.minute_ns)
group by all
order by minute.service, span.span_number
