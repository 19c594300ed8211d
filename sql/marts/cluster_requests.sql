-- The share of requests that a cluster makes fail, and how many have succeeded since: of the endpoints of its requests,
-- which are its own and those of its traces. An endpoint is a method and a path, as patterns have them.
-- Requests since count where the severity of the cluster was collected.
-- Grain: window, cluster with requests whose endpoint is known.
-- grain: window_id, lead_id
with

placed as (
    select
        counts.window_id,
        counts.lead_id,
        counts.severity,
        counts.first_ns // 60_000_000_000 * 60_000_000_000 as first_minute_ns,
        counts.last_ns // 60_000_000_000 * 60_000_000_000 as last_minute_ns,
        span.service
    from cluster_counts as counts
    inner join windows as span using (window_id)
),

members as (
    select
        entry.window_id,
        member.lead_id,
        entry.pattern_id,
        entry.kind,
        entry.trace,
        entry.entry_ns,
        entry.entry_key
    from window_entries as entry
    inner join cluster_patterns as member using (window_id, pattern_id)
),

failed as (
    select
        window_id,
        lead_id,
        pattern_id,
        entry_ns,
        entry_key
    from members
    where kind = 'request'
    union
    select
        traced.window_id,
        traced.lead_id,
        request.pattern_id,
        request.entry_ns,
        request.entry_key
    from (select distinct window_id, lead_id, trace from members where trace is not null) as traced
    inner join window_entries as request
        on traced.window_id = request.window_id
        and traced.trace = request.trace
    where request.kind = 'request'
),

-- a request's pattern is its method and path, in which ids are one, and the status at the end
endpoints_of as (
    select
        pattern_id,
        regexp_extract(template, '^(.+) [0-9]{3}$', 1) as endpoint,
        try_cast(regexp_extract(template, ' ([0-9]{3})$', 1) as integer) as http_status
    from patterns
    where kind = 'request'
        and endpoint <> ''
),

endpoints as (
    select
        failed.window_id,
        failed.lead_id,
        pattern.endpoint,
        count(*) as failed_count
    from failed
    inner join endpoints_of as pattern on failed.pattern_id = pattern.pattern_id
    group by failed.window_id, failed.lead_id, pattern.endpoint
),

minutes as (
    select
        asked.window_id,
        pattern.endpoint,
        epoch_ns(minute.minute) as minute_ns,
        sum(minute.entry_count) as request_count,
        sum(minute.entry_count) filter (pattern.http_status < 400) as success_count
    from windows as asked
    inner join pattern_minutes as minute
        on is_in_window(asked, minute.service, minute.revision, epoch_ns(minute.minute))
    inner join endpoints_of as pattern on minute.pattern_id = pattern.pattern_id
    where (asked.window_id, pattern.endpoint) in (select (window_id, endpoint) from endpoints)
    group by all
),

answered as (
    select
        placed.window_id,
        placed.lead_id,
        sum(minute.request_count)
            filter (minute.minute_ns between placed.first_minute_ns and placed.last_minute_ns) as requests_while,
        coalesce(
            sum(minute.success_count) filter (minute.minute_ns > placed.last_minute_ns and gap.minute_ns is null), 0
        )::bigint as requests_since
    from placed
    inner join endpoints using (window_id, lead_id)
    inner join minutes as minute using (window_id, endpoint)
    left join uncovered_minutes as gap
        on placed.service = gap.service
        and placed.severity = gap.severity
        and minute.minute_ns = gap.minute_ns
        and gap.missing_ns > 30_000_000_000
    group by placed.window_id, placed.lead_id
)

select
    answered.window_id,
    answered.lead_id,
    least(failed.failed_count / nullif(answered.requests_while, 0), 1.0) as request_share,
    answered.requests_since
from answered
inner join (
    select window_id, lead_id, sum(failed_count) as failed_count from endpoints group by all
) as failed using (window_id, lead_id)
