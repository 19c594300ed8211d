-- The exposure that both sides of a pair have: requests where both log successes too, else minutes of instances, else
-- time. Grain: pair, side, severity.
-- grain: pair_id, is_target, severity
with

exposures as (
    from side_exposures(pairs)
),

units as (
    select
        pair_id,
        case
            when count(distinct is_target) < 2 then 'seconds'
            when min(success_count) > 0 and min(request_count) > 0 then 'requests'
            when min(instance_minutes) > 0 then 'instance-minutes'
            else 'seconds'
        end as unit
    from exposures
    group by pair_id
)

select
    exposures.pair_id,
    exposures.is_target,
    exposures.severity,
    units.unit,
    exposures.minute_count,
    exposures.second_count,
    case units.unit
        when 'requests' then exposures.request_count
        when 'instance-minutes' then exposures.instance_minutes
        else exposures.second_count
    end as exposure
from exposures
inner join units using (pair_id)
