-- Requests that fail because an instance died: they end within 5 s of its last failure.
-- Grain: service, lead (a pattern of those runs), member (the requests). By chance: the share of the
-- covered time that lies so near to a run's end.
-- grain: service, lead_id, member_id
with

requests as (
    select
        service,
        pattern_id as member_id,
        count(*) as member_count,
        count(*) filter (is_after_run) as together_count
    from request_ends
    group by all
),

near as (
    select
        request.service,
        request.pattern_id as member_id,
        run.pattern_id as lead_id,
        count(*) as together_count,
        quantile_disc(request.lag_ns, 0.5) as lag_ns,
        min(request.lag_ns) as least_lag_ns,
        max(request.lag_ns) as greatest_lag_ns,
        count(distinct row(request.run_instance_id, request.run_number)) as run_count
    from request_ends as request
    inner join run_patterns as run
        on request.service = run.service
        and request.run_instance_id = run.instance_id
        and request.run_number = run.run_number
        and run.scope = 'loose'
        and run.is_failure
    where request.is_after_run
    group by all
),

spans as (
    select service, greatest(max(entry_ns) - min(entry_ns), 1) / 1e9 as seconds
    from ranked_entries
    group by all
)

select
    near.*,
    requests.member_count,
    least(1.0, near.run_count * 20 / spans.seconds) as chance
from near
inner join requests on near.service = requests.service and near.member_id = requests.member_id
inner join spans on near.service = spans.service
where requests.together_count >= 0.8 * requests.member_count
    and near.together_count >= 0.8 * requests.member_count
    and requests.member_count >= 3
