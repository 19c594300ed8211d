-- The last change of each service that came to something, before a time. Grain: service. Parameter: to_ns.
-- grain: service
select
    service,
    max(epoch_ns(change_at)) as change_ns
from deployments
where (effect is null or effect not in ('nothing', 'refused', 'removed', 'build'))
    and epoch_ns(change_at) < $to_ns
group by service
order by service
