-- The share of requests that end with 5xx, side against side, as `compare_pairs` compares rates: interval, dispersion
-- by the minute, gate. Grain: pair that logs successes on both sides.
-- grain: pair_id
with

minutes as (
    select
        *,
        sum(server_error_count) over side / sum(request_count) over side as share
    from side_requests(pairs)
    window side as (partition by pair_id, is_target)
),

sides as (
    select
        pair_id,
        is_target,
        any_value(service) as service,
        sum(request_count)::bigint as request_count,
        sum(success_count)::bigint as success_count,
        sum(server_error_count)::bigint as error_count,
        count(*) filter (server_error_count > 0) as error_minutes,
        count(*) - 1 as degrees,
        sum(case when share > 0 then (server_error_count - share * request_count) ** 2 / (share * request_count) end)
            as chi_square
    from minutes
    group by pair_id, is_target
),

pairs_counted as (
    select
        pair_id,
        any_value(service) as service,
        coalesce(sum(error_count) filter (not is_target), 0)::bigint as base_count,
        coalesce(sum(error_count) filter (is_target), 0)::bigint as target_count,
        sum(request_count) filter (not is_target)::bigint as base_requests,
        sum(request_count) filter (is_target)::bigint as target_requests,
        sum(error_minutes) filter (is_target) as target_minutes,
        round(greatest(1.0, sum(chi_square) / nullif(sum(degrees) filter (chi_square is not null), 0)), 4) as phi
    from sides
    group by pair_id
    having count(*) = 2
        and min(success_count) > 0
),

bounded as (
    select
        *,
        coalesce(phi, 1.0) as dispersion,
        rate_ratio_lower(base_count, base_requests, target_count, target_requests, dispersion) as ratio_lower,
        rate_ratio_upper(base_count, base_requests, target_count, target_requests, dispersion) as ratio_upper,
        gate_verdict(ratio_lower, ratio_upper, target_count >= 5, base_count >= 5) as gate
    from pairs_counted
)

select
    pair_id,
    service,
    'requests that end with 5xx' as measure,
    'share' as unit,
    base_count / base_requests as base_value,
    target_count / target_requests as target_value,
    base_requests,
    target_requests,
    case when base_count > 0 then target_value / base_value end as ratio,
    ratio_lower,
    nullif(ratio_upper, 'infinity'::double) as ratio_upper,
    dispersion,
    case
        when base_count + target_count = 0 then 'same'
        when gate = 'worse' and target_minutes < 3 then 'burst'
        when gate = 'worse' and base_count = 0 then 'new'
        when gate = 'better' and target_count = 0 then 'gone'
        else gate
    end as verdict
from bounded
