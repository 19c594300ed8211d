-- Revisions as the archive shows them. Grain: service, revision.
-- grain: service, revision
select
    minute.service,
    minute.revision,
    min(pattern.first_at) as first_at,
    max(pattern.last_at) as last_at,
    any_value(minute.entry_count) as entry_count,
    any_value(minute.error_count) as error_count,
    any_value(minute.warning_count) as warning_count,
    any_value(minute.request_count) as request_count,
    any_value(minute.server_error_count) as server_error_count,
    any_value(minute.active_minutes) as active_minutes
from (
    select
        service,
        revision,
        sum(entry_count)::bigint as entry_count,
        sum(error_count + critical_count)::bigint as error_count,
        sum(warning_count)::bigint as warning_count,
        sum(request_count)::bigint as request_count,
        sum(server_error_count)::bigint as server_error_count,
        count(*) as active_minutes
    from revision_minutes
    group by all
) as minute
inner join pattern_minutes as pattern
    on minute.service = pattern.service and minute.revision = pattern.revision
where minute.revision <> ''
group by minute.service, minute.revision
