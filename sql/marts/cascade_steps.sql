-- The course that a cluster's incidents take: each of its patterns with its delay after the first.
-- Grain: cluster, pattern. Counted over the incidents that hold the lead.
with

steps as (
    select
        incident.lead_id,
        incident.incident_id,
        run.pattern_id,
        run.first_ns,
        run.first_ns - min(run.first_ns) over (partition by incident.lead_id, incident.incident_id) as lag_ns
    from cluster_incidents as incident
    inner join run_patterns as run
        on run.scope = 'loose'
        and run.service = $service
        and incident.instance_id = run.instance_id
        and incident.run_number = run.run_number
    inner join cluster_patterns as member
        on incident.lead_id = member.lead_id and run.pattern_id = member.pattern_id
    where incident.has_lead
)

select
    lead_id,
    pattern_id,
    count(*) as incident_count,
    quantile_disc(lag_ns, 0.5) as lag_ns,
    min(lag_ns) as least_lag_ns,
    max(lag_ns) as greatest_lag_ns
from steps
group by all
