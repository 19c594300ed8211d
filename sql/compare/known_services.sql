-- Services that log in a time. Grain: service. Parameters: from_ns, to_ns.
-- grain: service
select distinct service
from service_minutes
where minute_ns >= $from_ns
    and minute_ns < $to_ns
order by service
