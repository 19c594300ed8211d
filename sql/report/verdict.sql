-- What the window shows of the service as a whole: requests, starts of the newest revision that logs in it, and what is
-- urgent. Requests tell a share only where successes were collected too. Grain: window.
-- grain: window_id
with

requests as (
    select
        span.window_id,
        coalesce(sum(minute.request_count), 0)::bigint as request_count,
        coalesce(sum(minute.success_count), 0)::bigint as success_count,
        coalesce(sum(minute.server_error_count), 0)::bigint as server_error_count,
        arg_max(nullif(minute.revision, ''), (revision.place, minute.minute)) as newest_revision
    from windows as span
    left join revision_minutes as minute
        on is_in_window(span, minute.service, minute.revision, epoch_ns(minute.minute))
    left join revisions as revision
        on minute.service = revision.service and minute.revision = revision.revision
    group by span.window_id
),

-- instances that failed and logged nothing after it
fatal as (
    select distinct entry.service, entry.instance_id
    from ranked_entries as entry
    inner join fatal_patterns as pattern
        on entry.service = pattern.service and entry.pattern_id = pattern.pattern_id
    where entry.instance_id is not null
),

-- instances first seen in the window
begun as (
    select
        span.window_id,
        start.revision,
        start.instance_id,
        coalesce(bool_or(final.is_startup), false) or bool_or(fatal.instance_id is not null) as is_failed
    from windows as span
    inner join starts as start
        on is_in_window(span, start.service, start.revision, epoch_ns(start.first_at))
    left join instance_ends as final
        on start.service = final.service
        and start.instance_id = final.instance_id
        and final.first_ns - epoch_ns(start.first_at) <= 900_000_000_000
    left join fatal on start.service = fatal.service and start.instance_id = fatal.instance_id
    group by span.window_id, start.revision, start.instance_id
),

starts_of_newest as (
    select
        requests.window_id,
        count(*) as start_count,
        count(*) filter (begun.is_failed) as failed_start_count
    from requests
    inner join begun
        on requests.window_id = begun.window_id
        and requests.newest_revision = begun.revision
    group by requests.window_id
),

newest_requests as (
    select
        requests.window_id,
        coalesce(sum(minute.success_count), 0)::bigint as newest_success_count
    from requests
    inner join windows as span on requests.window_id = span.window_id
    inner join revision_minutes as minute
        on is_in_window(span, minute.service, minute.revision, epoch_ns(minute.minute))
        and requests.newest_revision = minute.revision
    group by requests.window_id
),

urgent as (
    select
        window_id,
        count(*) as urgent_count,
        count(*) filter (priority = 'P0') as critical_count,
        max(last_ns) as last_urgent_ns,
        -- by the rule of `cluster_ends`, which the states of clusters follow, too
        bool_and(coalesce(is_quiet, false) or ended_by is not null) as is_over,
        bool_and(ended_by is not null) as has_ended
    from clusters
    where priority <= 'P2'
        and not is_expected
    group by window_id
),

refused as (
    select entry.window_id, count(*) as refused_count
    from cluster_entries as entry
    inner join clusters as cluster using (window_id, lead_id)
    where cluster.priority <= 'P2'
        and not cluster.is_expected
        and entry.kind = 'request'
        and entry.http_status in (401, 403)
    group by entry.window_id
),

-- in whole minutes after the last urgent entry
requests_since as (
    select
        urgent.window_id,
        coalesce(sum(minute.request_count), 0)::bigint as request_since_count,
        coalesce(sum(minute.success_count), 0)::bigint as success_since_count
    from urgent
    inner join windows as span on urgent.window_id = span.window_id
    inner join revision_minutes as minute
        on is_in_window(span, minute.service, minute.revision, epoch_ns(minute.minute))
        and epoch_ns(minute.minute) > urgent.last_urgent_ns
    group by urgent.window_id
),

lasts as (
    select
        span.window_id,
        epoch_ns(max(minute.last_at)) as last_ns
    from windows as span
    inner join pattern_minutes as minute
        on is_in_window(span, minute.service, minute.revision, epoch_ns(minute.minute))
    group by span.window_id
)

select
    requests.*,
    coalesce(starts_of_newest.start_count, 0) as start_count,
    coalesce(starts_of_newest.failed_start_count, 0) as failed_start_count,
    coalesce(newest_requests.newest_success_count, 0) as newest_success_count,
    coalesce(urgent.urgent_count, 0) as urgent_count,
    coalesce(urgent.critical_count, 0) as critical_count,
    urgent.last_urgent_ns,
    lasts.last_ns,
    coalesce(refused.refused_count, 0) as refused_count,
    coalesce(requests_since.request_since_count, 0) as request_since_count,
    coalesce(requests_since.success_since_count, 0) as success_since_count,
    coalesce(urgent.is_over, false) as is_over,
    coalesce(urgent.has_ended, false) as has_ended
from requests
left join starts_of_newest using (window_id)
left join newest_requests using (window_id)
left join urgent using (window_id)
left join lasts using (window_id)
left join refused using (window_id)
left join requests_since using (window_id)
