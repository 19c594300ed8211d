-- Latency of requests, side against side. Grain: pair that logs successes on both sides, quantile. The interval goes
-- from the lower bound of the target's quantile by the upper of the base's to the other way round. Values are those of
-- a step of 1.1, so ratios are known to some 10 %.
-- grain: pair_id, measure
select
    base.pair_id,
    base.service,
    'latency, ' || if(base.quantile = 0.5, 'median', (100 * base.quantile)::int || ' %') as measure,
    'ns' as unit,
    round(power(1.1, base.step + 0.5) * 1e3) as base_value,
    round(power(1.1, target.step + 0.5) * 1e3) as target_value,
    base.request_count as base_requests,
    target.request_count as target_requests,
    power(1.1, target.step - base.step) as ratio,
    power(1.1, target.lower_step - base.upper_step) as ratio_lower,
    power(1.1, target.upper_step - base.lower_step) as ratio_upper,
    greatest(base.dispersion, target.dispersion) as dispersion,
    case
        when least(base.beyond_count, target.beyond_count) < 5 then 'too little traffic'
        else gate_verdict(ratio_lower, ratio_upper, true, true)
    end as verdict
from side_quantiles(pairs) as base
inner join side_quantiles(pairs) as target
    on base.pair_id = target.pair_id and base.quantile = target.quantile
where not base.is_target
    and target.is_target
