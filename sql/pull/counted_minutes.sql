-- How many instances logged, as an engine counted them over all entries. Grain: service, revision, minute.
-- grain: service, revision, minute_ns
select
    service,
    revision,
    minute * 60_000_000_000 as minute_ns,
    count(instance_id) as instance_count
from pulled_counts
where part = 'instances'
    and minute is not null
group by all
