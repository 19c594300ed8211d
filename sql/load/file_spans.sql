-- What each file just loaded held of each severity, counted before copies of entries are dropped.
-- Grain: file, severity. Parameter: the first file of this load.
-- grain: file_id, severity
select
    file_id,
    severity,
    count(*) as entry_count,
    min(entry_at) as first_at,
    max(entry_at) as last_at,
    arg_min(entry_at, (line, entry_key)) > arg_max(entry_at, (line, entry_key)) as is_newest_first
from raw_entries
where file_id >= $first_file_id
group by file_id, severity
