-- Latency of each side: median, 95th and 99th percentile, with the steps between which each lies with 95 %.
-- Grain: pair, side, quantile. Ranks are binomial, so their bounds are exact; counts are divided by the dispersion of
-- slow requests by the minute first.
-- grain: pair_id, is_target, quantile
with

steps as (
    select
        pair_id,
        any_value(service) as service,
        is_target,
        key as step,
        sum(value)::bigint as request_count
    from side_latencies(pairs)
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
    from side_latencies(pairs) as minute
    inner join (
        select pair_id, is_target, min(step) as step from running where share_so_far >= 0.95 group by all
    ) as slow using (pair_id, is_target)
    group by all
),

dispersions as (
    select
        pair_id,
        is_target,
        greatest(1.0, sum((slow - share * requests) ** 2 / (share * requests)) / greatest(count(*) - 1, 1))
            as dispersion
    from (
        select
            pair_id,
            is_target,
            request_count as requests,
            coalesce(slow_count, 0) as slow,
            sum(slow_count) over side / sum(request_count) over side as share
        from slow_minutes
        window side as (partition by pair_id, is_target)
    ) as counted
    group by all
)

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
