-- Minutes in which a service logged at all, numbered, so that minutes between two times are a difference.
-- Grain: service, minute. `entries_so_far` adds up to this minute and with it.
-- grain: service, minute_ns
select
    service,
    epoch_ns(minute) as minute_ns,
    row_number() over in_time as minute_number,
    sum(entry_count) over in_time as entries_so_far
from (
    select service, minute, sum(entry_count)::bigint as entry_count
    from revision_minutes
    group by all
) as counted
window in_time as (partition by service order by minute)
