-- Entries that are there more than once: same project, time and insertId. BigQuery keeps microseconds of a time, other
-- exports nanoseconds: a time of whole microseconds is the same as one within that microsecond.
-- Grain: copy of such an entry. Parameters: the covered time of what was just loaded.
-- `arrival` 1 came first; `preference` 1 is the copy that stays: the more complete one, in any order of loading.
-- grain: row_id
with

repeated as (
    select
        entry_key,
        epoch_ns(entry_at) // 1000 as entry_us
    from raw_entries
    where entry_at between make_timestamp_ns($first_at_ns // 1000 * 1000)
        and make_timestamp_ns($last_at_ns // 1000 * 1000 + 999)
    group by all
    having count(*) > 1
),

candidates as (
    select
        raw.rowid as row_id,
        raw.file_id,
        raw.line,
        raw.entry_key,
        raw.fullness,
        raw.message,
        raw.payload,
        epoch_ns(raw.entry_at) as entry_ns,
        repeated.entry_us
    from raw_entries as raw
    inner join repeated on raw.entry_key = repeated.entry_key and epoch_ns(raw.entry_at) // 1000 = repeated.entry_us
),

placed as (
    select
        *,
        case
            when entry_ns % 1000 <> 0 then entry_ns
            else coalesce(min(entry_ns) filter (entry_ns % 1000 <> 0) over (partition by entry_key, entry_us), entry_ns)
        end as same_ns
    from candidates
),

counted as (
    select
        *,
        count(*) over (partition by entry_key, same_ns) as copy_count
    from placed
)

select
    row_id,
    file_id,
    row_number() over (same_entry order by file_id, line) as arrival,
    row_number() over (
        same_entry
        order by fullness desc, entry_ns % 1000 = 0, message asc, payload asc, file_id asc, line asc
    ) as preference
from counted
where copy_count > 1
window same_entry as (partition by entry_key, same_ns)
