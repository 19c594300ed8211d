-- Failures after which an instance that has just started logs nothing more: starts that fail, with any message.
-- Grain: service, pattern. Counted over loose runs: the instance was first seen at most 5 minutes before, its
-- last line comes at most 2 s after, and other instances' lines go on. Silence says nothing where only failures were
-- collected: the service has to have lines below ERROR.
-- grain: service, pattern_id
with

last_lines as (
    select
        service,
        instance_id,
        epoch_ns(first_line_at) as first_ns,
        epoch_ns(last_line_at) as last_ns
    from starts
    where last_line_at is not null
),

archive as (
    select service, max(last_ns) as last_ns
    from last_lines
    group by all
)

select
    run.service,
    run.pattern_id,
    count(*) as run_count,
    count(*) filter (
        ends.ended_ns - line.first_ns <= 300_000_000_000
        and line.last_ns <= ends.ended_ns + 2_000_000_000
    ) as fatal_count
from run_patterns as run
inner join run_ends as ends
    on run.service = ends.service and run.instance_id = ends.instance_id and run.run_number = ends.run_number
inner join last_lines as line on run.service = line.service and run.instance_id = line.instance_id
inner join archive on run.service = archive.service
where run.scope = 'loose'
    and run.is_failure
group by all
having run_count >= 2
    and fatal_count = run_count
    and count(distinct run.instance_id) >= 2
    and run.service in (
        select service from pattern_minutes where severity < 'ERROR'::severity_name
    )
    -- elsewhere an instance is a run that ends when its work is done
    and run.service in (
        select service from identified_sources where resource_type in ('cloud_run_revision', 'k8s_container', 'gae_app')
    )
