-- Starts of instances: the platform's own line where it is there, else the first entry of an instance.
-- Grain: service, instance. `first_line_at` and `last_line_at` are of what the program wrote, requests and audits left
-- aside.
-- grain: service, instance_id
-- instance: instance_id
select
    service_key as service,
    min(revision) as revision,
    instance_id,
    min(entry_at) as first_at,
    max(entry_at) as last_at,
    count(*) as entry_count,
    min(entry_at) filter (message like 'Starting new instance.%') as announced_at,
    min(entry_at) filter (kind in ('message', 'exception')) as first_line_at,
    max(entry_at) filter (kind in ('message', 'exception')) as last_line_at
from entries
where instance_id <> ''
    and not exists (from counted_instances)
group by all
union all by name
from counted_instances
