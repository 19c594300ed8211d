-- Revisions of the service that are in the window. Grain: revision, oldest first.
select
    revision.revision,
    epoch_ns(revision.first_at) as first_ns,
    epoch_ns(revision.last_at) as last_ns,
    counts.*
from revisions as revision
inner join (
    select
        revision,
        sum(entry_count)::bigint as entry_count,
        sum(error_count + critical_count)::bigint as error_count,
        sum(warning_count)::bigint as warning_count,
        sum(request_count)::bigint as request_count,
        sum(server_error_count)::bigint as server_error_count
    from revision_minutes
    where service = $service
        and epoch_ns(minute) >= $from_ns
        and epoch_ns(minute) < $to_ns
    group by revision
) as counts on revision.revision = counts.revision
where revision.service = $service
order by first_ns, revision.revision
