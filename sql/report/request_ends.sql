-- When a cluster's requests end, beside the failures of instances they wait for.
-- Grain: window, cluster, run of failures.
-- grain: window_id, lead_id, instance_id, run_ended_ns
select
    member.window_id,
    member.lead_id,
    request.run_instance_id as instance_id,
    count(*) as entry_count,
    min(request.entry_ns) as first_started_ns,
    max(request.entry_ns) as last_started_ns,
    min(request.ended_ns) as first_ended_ns,
    max(request.ended_ns) as last_ended_ns,
    max(request.ended_ns) - min(request.ended_ns) as ends_within_ns,
    any_value(request.run_ended_ns) as run_ended_ns,
    round(median(request.lag_ns))::bigint as lag_ns,
    bool_and(request.instance_id is not null) as is_same_instance
from request_ends as request
inner join windows as span
    on is_in_window(span, request.service, request.revision, request.entry_ns)
inner join cluster_patterns as member
    on span.window_id = member.window_id and request.pattern_id = member.pattern_id
where request.is_after_run
group by member.window_id, member.lead_id, request.run_instance_id, request.run_number
qualify row_number() over (
    partition by member.window_id, member.lead_id order by count(*) desc, min(request.ended_ns) asc
) <= 5
order by entry_count desc, first_ended_ns asc
