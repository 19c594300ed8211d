-- What each file covers of each severity, and whether its collection looks cut: a round count of one
-- severity that the file's other entries outlast, or a round count of the whole file.
-- Grain: content of a file, severity. Counts are the file's own, copies of entries elsewhere included.
-- grain: none (a path whose content changed is loaded again and has the rows of each content)
with

round_counts as (
    select unnest([50, 100, 200, 250, 500, 1000, 2000, 2500, 5000, 10000, 20000, 50000, 100000]) as round_count
)

select
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
    file.entries >= 500 and file_counts.round_count is not null as is_file_cut,
    severity_counts.round_count is not null
        and span.entry_count < file.entries
        and span.first_at > file.first_at as is_severity_cut,
    case when is_severity_cut then span.first_at else file.first_at end as covered_from
from file_spans as span
inner join files as file on span.file_id = file.file_id
left join round_counts as severity_counts on span.entry_count = severity_counts.round_count
left join round_counts as file_counts on file.entries = file_counts.round_count
