-- How long requests took that succeeded, of the window's endpoints with enough of them to tell a change. An endpoint is
-- a method and a path; paths that differ in ids are one. An upgraded connection (status 101) lasts, and is left out.
-- Grain: window, endpoint, place: its requests in the order of time, from 0. `revision_place` orders revisions.
-- grain: window_id, endpoint, place
with

-- requests without a text of their own: their pattern is the endpoint with the status
lines as (
    select
        pattern_id,
        regexp_replace(template, ' [0-9]{3}$', '') as endpoint
    from patterns
    where kind = 'request'
        and regexp_full_match(template, '([A-Z]+ )?/\S* [0-9]{3}')
),

requests as (
    select
        asked.window_id,
        coalesce(line.endpoint, endpoint(entry.http_method, entry.http_url)) as endpoint,
        source.service,
        source.revision,
        epoch_ns(entry.entry_at) as entry_ns,
        entry.entry_key,
        entry.http_latency_ns as latency_ns
    from placed_entries as entry
    inner join identified_sources as source on entry.source_id = source.source_id
    inner join windows as asked
        on is_in_window(asked, source.service, source.revision, epoch_ns(entry.entry_at))
    left join lines as line on entry.pattern_id = line.pattern_id
    where entry.kind = 'request'
        and entry.http_latency_ns >= 0
        and entry.http_status between 200 and 399
        and entry.entry_at >= make_timestamp_ns($from_ns)
        and entry.entry_at < make_timestamp_ns($to_ns)
)

select
    request.window_id,
    request.endpoint,
    row_number() over (
        partition by request.window_id, request.endpoint order by request.entry_ns, request.entry_key
    ) - 1 as place,
    count(*) over of_endpoint as request_count,
    request.entry_ns,
    request.latency_ns,
    request.revision,
    revision.place as revision_place
from requests as request
left join revisions as revision
    on request.service = revision.service and request.revision = revision.revision
where request.endpoint is not null
window of_endpoint as (partition by request.window_id, request.endpoint)
-- not by its name: revisions have a column of that name
qualify count(*) over of_endpoint >= 16
