-- Minutes in which a service logged at all, numbered, so that minutes between two times are a difference.
-- Grain: service, minute.
select
    service,
    epoch_ns(minute) as minute_ns,
    row_number() over (partition by service order by minute) as minute_number
from (select distinct service, minute from revision_minutes)
