-- The files that a part of a name means, with the time they cover. A word with a slash is a part of a path; a file
-- whose name another file has too is called by its path.
-- Grain: service, file. Parameter: word.
-- grain: service, file
with

named as (
    select
        file_id,
        path,
        regexp_extract(path, '[^/\\]+$') as name
    from files
),

called as (
    select
        *,
        case when count(distinct path) over (partition by name) > 1 then path else name end as file
    from named
)

select
    minute.service,
    called.file,
    min(minute.minute_ns) as from_ns,
    max(minute.minute_ns) + 60_000_000_000 as to_ns
from called
inner join file_minutes as minute using (file_id)
where contains(case when contains($word, '/') then called.path else called.name end, $word)
group by all
order by minute.service, from_ns
