-- Entries that are there more than once: same project, time and insertId.
-- Grain: copy of such an entry. Parameters: the covered time of what was just loaded.
-- `arrival` 1 came first; `preference` 1 is the copy that stays: the more complete one, in any order of loading.
-- grain: row_id
with

repeated as (
    select entry_at, entry_key
    from raw_entries
    where entry_at between make_timestamp_ns($first_at_ns) and make_timestamp_ns($last_at_ns)
    group by all
    having count(*) > 1
)

select
    copy.rowid as row_id,
    copy.file_id,
    row_number() over (same_entry order by copy.file_id, copy.line) as arrival,
    row_number() over (
        same_entry
        order by copy.fullness desc, copy.message asc, copy.payload asc, copy.file_id asc, copy.line asc
    ) as preference
from raw_entries as copy
semi join repeated on copy.entry_at = repeated.entry_at and copy.entry_key = repeated.entry_key
window same_entry as (partition by copy.entry_at, copy.entry_key)
