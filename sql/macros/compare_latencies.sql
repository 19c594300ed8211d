-- Latency of requests, side against side: median, 95th and 99th percentile. Grain: pair that logs successes on
-- both sides, quantile.
-- The interval goes from the lower bound of the target's quantile by the upper of the base's to the other way round;
-- bounds are exact (ranks are binomial), on counts divided by the dispersion of slow requests by the minute. Values are
-- those of a step of 1.1, so ratios are known to some 10 %.
with

minute_steps as (
    select
        pair_id,
        service,
        is_target,
        minute_ns,
        unnest(steps, recursive := true)
    from side_requests(pairs)
    semi join (
        select pair_id
        from (select pair_id, is_target, sum(success_count) as success_count from side_requests(pairs) group by all)
        group by pair_id
        having count(*) = 2 and min(success_count) > 0
    ) as told using (pair_id)
),

steps as (
    select
        pair_id,
        any_value(service) as service,
        is_target,
        key as step,
        sum(value)::bigint as request_count
    from minute_steps
    group by pair_id, is_target, key
),

running as (
    select
        *,
        sum(request_count) over (partition by pair_id, is_target) as side_count,
        sum(request_count) over (partition by pair_id, is_target order by step) / side_count as share_so_far
    from steps
),

slow_minutes as (
    select
        minute.pair_id,
        minute.is_target,
        minute.minute_ns,
        sum(minute.value) as request_count,
        sum(minute.value) filter (minute.key >= slow.step) as slow_count
    from minute_steps as minute
    inner join (
        select pair_id, is_target, min(step) as step from running where share_so_far >= 0.95 group by all
    ) as slow using (pair_id, is_target)
    group by all
),

dispersions as (
    select
        pair_id,
        is_target,
        greatest(1.0, sum((slow - share * requests) ** 2 / (share * requests)) / greatest(count(*) - 1, 1)) as dispersion
    from (
        select
            pair_id,
            is_target,
            request_count as requests,
            coalesce(slow_count, 0) as slow,
            sum(slow_count) over side / sum(request_count) over side as share
        from slow_minutes
        window side as (partition by pair_id, is_target)
    )
    group by all
),

quantiles as (
    select
        running.pair_id,
        any_value(running.service) as service,
        running.is_target,
        wanted.quantile,
        any_value(running.side_count)::bigint as request_count,
        round(any_value(dispersions.dispersion), 4) as dispersion,
        any_value(running.side_count / dispersions.dispersion * (1 - wanted.quantile)) as beyond_count,
        min(running.step) filter (running.share_so_far >= wanted.quantile) as step,
        min(running.step) filter (running.share_so_far >= share_lower(
            running.side_count / dispersions.dispersion, wanted.quantile
        )) as lower_step,
        min(running.step) filter (running.share_so_far >= share_upper(
            running.side_count / dispersions.dispersion, wanted.quantile
        )) as upper_step
    from running
    inner join dispersions using (pair_id, is_target)
    cross join (values (0.5), (0.95), (0.99)) as wanted (quantile)
    group by running.pair_id, running.is_target, wanted.quantile
)

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
        when ratio_lower > 1.25 then 'worse'
        when ratio_upper < 0.8 then 'better'
        when ratio_lower > 0.5 and ratio_upper < 2 then 'same'
        else 'too little traffic'
    end as verdict
from quantiles as base
inner join quantiles as target
    on base.pair_id = target.pair_id and base.quantile = target.quantile
where not base.is_target
    and target.is_target
