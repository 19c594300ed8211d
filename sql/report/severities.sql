-- Entries of the window by severity, with how many count for more by their level.
-- Grain: window, severity, highest first.
-- grain: window_id, severity
select
    span.window_id,
    minute.severity::varchar as severity,
    sum(minute.entry_count)::bigint as entry_count,
    coalesce(sum(minute.entry_count) filter (minute.effective_severity > minute.severity), 0)::bigint as raised_count,
    epoch_ns(min(minute.first_at)) as first_ns,
    epoch_ns(max(minute.last_at)) as last_ns
from pattern_minutes as minute
inner join windows as span
    on is_in_window(span, minute.service, minute.revision, epoch_ns(minute.minute))
group by span.window_id, minute.severity
order by enum_code(minute.severity) desc
