-- Revisions of the service that are in the window. Grain: window, revision, oldest first.
-- grain: window_id, revision
select
    counts.window_id,
    revision.revision,
    epoch_ns(revision.first_at) as first_ns,
    epoch_ns(revision.last_at) as last_ns,
    counts.* exclude (window_id, service, revision)
from revisions as revision
inner join (
    select
        span.window_id,
        span.service,
        minute.revision,
        sum(minute.entry_count)::bigint as entry_count,
        sum(minute.error_count + minute.critical_count)::bigint as error_count,
        sum(minute.warning_count)::bigint as warning_count,
        sum(minute.request_count)::bigint as request_count,
        sum(minute.server_error_count)::bigint as server_error_count
    from revision_minutes as minute
    inner join windows as span
        on is_in_window(span, minute.service, minute.revision, epoch_ns(minute.minute))
    group by all
) as counts using (service, revision)
order by first_ns, revision.revision
