-- When failures of instances gave up: the last failing entry of each loose run that holds a failure.
-- Grain: run.
-- grain: service, instance_id, run_number
select
    service,
    min(revision) as revision,
    instance_id,
    run_number,
    min(first_ns) as started_ns,
    max(last_ns) filter (is_failure) as ended_ns,
    bool_or(is_failure) as is_failure
from run_patterns
where scope = 'loose'
group by service, instance_id, run_number
