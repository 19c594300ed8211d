-- The files that a part of a name means, with the time they cover. Grain: service, file. Parameter: word.
-- grain: service, file
select
    minute.service,
    regexp_extract(file.path, '[^/\\]+$') as file,
    min(minute.minute_ns) as from_ns,
    max(minute.minute_ns) + 60_000_000_000 as to_ns
from files as file
inner join file_minutes as minute using (file_id)
where contains(regexp_extract(file.path, '[^/\\]+$'), $word)
group by all
order by service, from_ns
