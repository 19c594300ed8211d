-- How often a cluster's incident was seen whole, and how often only in part. Grain: window, cluster.
-- grain: window_id, lead_id
with

ordered as (
    select
        *,
        started_ns - lag(started_ns) over (partition by window_id, lead_id, has_lead order by started_ns) as pause_ns
    from cluster_incidents
)

select
    window_id,
    lead_id,
    count(*) filter (has_lead) as whole_count,
    count(*) filter (not has_lead) as cut_count,
    count(distinct instance_id) filter (has_lead and not starts_with(instance_id, 'trace ')) as instance_count,
    count(distinct instance_id) filter (has_lead and starts_with(instance_id, 'trace ')) as trace_count,
    list(distinct right(instance_id, 6) order by right(instance_id, 6)) filter (has_lead) as instances,
    list(distinct right(instance_id, 6) order by right(instance_id, 6)) filter (not has_lead) as cut_instances,
    min(started_ns) filter (has_lead) as first_ns,
    max(started_ns) filter (has_lead) as last_ns,
    min(started_ns) as first_of_all_ns,
    min(started_ns) filter (not has_lead) as first_cut_ns,
    max(started_ns) filter (not has_lead) as last_cut_ns,
    round(median(pause_ns) filter (has_lead))::bigint as pause_ns,
    max(ended_ns) - min(started_ns) as span_ns
from ordered
group by window_id, lead_id
