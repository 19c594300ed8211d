-- Starts of instances: the platform's own line where it is there, else the first entry of an instance.
-- Grain: service, instance.
select
    service,
    min(revision) as revision,
    instance_id,
    min(entry_at) as first_at,
    max(entry_at) as last_at,
    count(*) as entry_count,
    min(entry_at) filter (message like 'Starting new instance.%') as announced_at
from entries
where instance_id <> ''
group by all
