-- Three entries of the pattern: the first, the middle, the last. Grain: log entry. Parameter: pattern_id.
-- grain: none (of entries whose key is not told)
with

placed as (
    select
        insert_id,
        epoch_ns(entry_at) as entry_ns,
        effective_severity::varchar as severity,
        message,
        file,
        line,
        row_number() over (order by entry_at, entry_key) as place,
        count(*) over () as entry_count
    from entries
    where pattern_id = $pattern_id
)

select * exclude (place, entry_count)
from placed
where place in (1, (entry_count + 1) // 2, entry_count)
order by place
