-- What each file covers of each severity, and whether its collection looks cut: a round count of one severity that the
-- file's other entries outlast, or a round count of the whole file, where entries stand newest first, as limits make
-- them. Grain: content of a file, severity. Counts are the file's own, copies of entries elsewhere included.
-- grain: file_id, severity
with

spans as (
    select
        *,
        coalesce(is_newest_first, false) and (entry_count % 100 = 0 or entry_count in (50, 250)) as is_round,
        bool_and(coalesce(is_newest_first, false)) over (partition by file_id) as is_file_newest_first
    from file_spans
)

select
    file.file_id,
    file.path as file,
    span.severity,
    span.entry_count,
    span.first_at,
    span.last_at,
    span.is_newest_first,
    file.entries as file_entry_count,
    file.first_at as file_first_at,
    file.last_at as file_last_at,
    try_cast(file.notes ->> '$."time_range.start"' as timestamp_ns) as asked_from,
    try_cast(file.notes ->> '$."time_range.end"' as timestamp_ns) as asked_to,
    file.entries >= 500 and file.entries % 100 = 0 and span.is_file_newest_first as is_file_cut,
    span.is_round
        and span.entry_count < file.entries
        and span.first_at > file.first_at as is_severity_cut,
    case when is_severity_cut then span.first_at else file.first_at end as covered_from
from spans as span
inner join files as file on span.file_id = file.file_id
