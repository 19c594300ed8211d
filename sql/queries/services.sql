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
    minute.service,
    sum(minute.entry_count)::bigint as entry_count,
    min(minute.first_at) as first_at,
    max(minute.last_at) as last_at,
    coalesce(any_value(missing.minute_count), 0) as uncovered_minutes
from pattern_minutes as minute
left join missing on minute.service = missing.service
group by minute.service
order by entry_count desc, service asc
