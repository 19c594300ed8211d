-- The files whose entries reach into the window. Grain: window, file.
-- grain: none (files of several folders may have one name)
with

-- a file counts if it holds an entry of the service inside, judged by the minutes
inside as (
    select distinct
        span.window_id,
        minute.file_id
    from file_minutes as minute
    inner join windows as span
        on is_in_window(span, minute.service, minute.revision, minute.minute_ns)
)

select
    inside.window_id,
    -- what an engine counted is no file, and has no hash
    if(file.hash = '', file.path, regexp_extract(file.path, '[^/\\]+$')) as file,
    file.form,
    file.entries as entry_count,
    file.duplicates as duplicate_count,
    file.fuller_copies as fuller_count,
    file.rejects as reject_count,
    file.without_payload as no_payload_count,
    file.faults,
    -- of an engine: what it counted and did not fetch
    (select coalesce(sum(entry_count), 0)::bigint from counted_entries) as counted_count,
    epoch_ns(file.first_at) as first_ns,
    epoch_ns(file.last_at) as last_ns,
    epoch_ns(file.last_at) - epoch_ns(file.first_at) as span_ns,
    file.notes ->> '$."time_range.start"' as asked_from,
    file.notes ->> '$."time_range.end"' as asked_to,
    -- what the file's name promises, in seconds
    case
        when regexp_matches(lower(file.path), 'last[-_]?[0-9]*[-_]?(hour|hr|h)[^a-z]|[0-9]+[-_]?hours?[^a-z]')
            then 3600 * greatest(coalesce(try_cast(
                regexp_extract(lower(file.path), '([0-9]+)[-_]?(hours?|hr|h)[^a-z]', 1) as bigint
            ), 1), 1)
        when regexp_matches(lower(file.path), 'last[-_]?day|[0-9]+[-_]?days?[^a-z]')
            then 86400 * greatest(coalesce(try_cast(
                regexp_extract(lower(file.path), '([0-9]+)[-_]?days?[^a-z]', 1) as bigint
            ), 1), 1)
    end as promised_seconds,
    any_value(cover.is_file_cut) as is_file_cut,
    bool_and(cover.is_newest_first) as is_newest_first
from inside
inner join files as file using (file_id)
inner join coverage as cover on file.file_id = cover.file_id
group by all
order by first_ns, file
