-- What each worklog of the history holds. Grain: service, span.
-- grain: service, span_number
with

minutes as (
    select
        minute.service,
        span.span_number,
        sum(minute.entry_count)::bigint as entry_count,
        sum(minute.error_count + minute.critical_count)::bigint as error_count,
        sum(minute.warning_count)::bigint as warning_count,
        sum(minute.request_count)::bigint as request_count,
        sum(minute.server_error_count)::bigint as server_error_count
    from revision_minutes as minute
    inner join spans as span
        on is_in_span(span, minute.service, minute.revision, epoch_ns(minute.minute))
    group by all
),

states as (
    select
        service,
        span_number,
        count(*) filter (entry_count > 0) as cluster_count,
        count(*) filter (state_before_end = 'new') as new_count,
        count(*) filter (state_before_end = 'regression') as regression_count,
        count(*) filter (state_before_end = 'escalating') as escalating_count,
        count(*) filter (state = 'ended') as ended_count,
        count(*) filter (state = 'resolved') as resolved_count,
        min(priority) as priority
    from cluster_days
    group by all
),

live as (
    select
        revision.service,
        span.span_number,
        list(revision.revision order by revision.first_at, revision.revision) as revisions
    from revisions as revision
    inner join spans as span
        on is_in_span(span, revision.service, revision.revision, epoch_ns(revision.first_at))
    group by all
)

select
    minutes.*,
    span.focus,
    states.* exclude (service, span_number),
    live.revisions
from minutes
inner join (select span_number, focus, from_ns from spans) as span using (span_number)
left join states using (service, span_number)
left join live using (service, span_number)
order by minutes.service asc, span.from_ns desc
