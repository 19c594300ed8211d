-- The course that a cluster's runs take: each of its patterns with its delay after the first.
-- Grain: window, cluster, pattern. Counted over the runs of the window that hold the lead.
-- grain: window_id, lead_id, pattern_id
with

runs as (
    select
        span.window_id,
        run.*
    from run_patterns as run
    inner join windows as span
        on is_in_window(span, run.service, run.revision, run.first_ns)
    where run.scope = 'loose'
),

steps as (
    select
        member.window_id,
        member.lead_id,
        run.pattern_id,
        run.first_ns - min(run.first_ns) over (
            partition by member.window_id, member.lead_id, run.instance_id, run.run_number
        ) as lag_ns
    from cluster_patterns as member
    inner join runs as run using (window_id, pattern_id)
    inner join runs as lead
        on member.window_id = lead.window_id
        and member.lead_id = lead.pattern_id
        and run.instance_id = lead.instance_id
        and run.run_number = lead.run_number
)

select
    window_id,
    lead_id,
    pattern_id,
    count(*) as incident_count,
    round(median(lag_ns))::bigint as lag_ns,
    min(lag_ns) as least_lag_ns,
    max(lag_ns) as greatest_lag_ns
from steps
group by all
