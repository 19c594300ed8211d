-- The services of the archive: from when to when there are entries, and in how many minutes of these those of severity
-- ERROR were not collected.
-- Grain: service.
with

missing as (
    select
        service,
        count(distinct minute_ns) as minute_count
    from uncovered_minutes
    where severity = 'ERROR'
    group by service
)

select
    entry.service_key as service,
    count(*) as entry_count,
    min(entry.entry_at) as first_at,
    max(entry.entry_at) as last_at,
    coalesce(any_value(missing.minute_count), 0) as uncovered_minutes
from entries as entry
left join missing on entry.service_key = missing.service
group by entry.service_key
order by entry_count desc, service asc
