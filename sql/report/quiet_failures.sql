-- Failures that a window's entries tell of below NOTICE. `entry_count` is of the window.
-- Grain: window, pattern.
-- grain: window_id, pattern_id
select
    span.window_id,
    quiet.pattern_id,
    quiet.template,
    quiet.effective_severity::varchar as severity,
    sum(minute.event_count)::bigint as event_count,
    epoch_ns(min(minute.first_at)) as first_ns,
    epoch_ns(max(minute.last_at)) as last_ns,
    max(minute.revision) as revision,
    count(*) over (partition by span.window_id) as pattern_count
from windows as span
inner join quiet_failures as quiet on span.service = quiet.service
inner join pattern_minutes as minute
    on quiet.service = minute.service
    and quiet.pattern_id = minute.pattern_id
    and is_in_window(span, minute.service, minute.revision, epoch_ns(minute.minute))
group by span.window_id, quiet.pattern_id, quiet.template, quiet.effective_severity
qualify row_number() over (
    partition by span.window_id order by sum(minute.event_count) desc, quiet.pattern_id asc
) <= 5
order by event_count desc, quiet.pattern_id asc
