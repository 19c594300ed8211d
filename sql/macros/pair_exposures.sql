-- The exposure that both sides of a pair have, for each of the bases on which something is counted: `traffic`: requests
-- where both log successes too, else minutes of instances, else time; `instances`: minutes of instances, else time;
-- `starts`: starts, where they are known, else as traffic; `clock`: time.
-- Grain: pair, side, severity, basis.
-- grain: pair_id, is_target, severity, basis
with

exposures as (
    from side_exposures(pairs)
),

pairs_known as (
    select
        pair_id,
        count(distinct is_target) = 2 as has_both,
        has_both and min(success_count) > 0 and min(request_count) > 0 as has_requests,
        has_both and min(instance_minutes) > 0 as has_instances
    from exposures
    group by pair_id
),

units as (
    select
        known.pair_id,
        unnest(['traffic', 'instances', 'starts', 'clock']) as basis,
        case
            when basis = 'starts' and with_starts.pair_id is not null then 'starts'
            when basis in ('traffic', 'starts') and known.has_requests then 'requests'
            when basis <> 'clock' and known.has_instances then 'instance-minutes'
            else 'seconds'
        end as unit
    from pairs_known as known
    left join pairs_with_starts(pairs) as with_starts using (pair_id)
)

select
    exposures.pair_id,
    exposures.is_target,
    exposures.severity,
    units.basis,
    units.unit,
    exposures.minute_count,
    exposures.second_count,
    case units.unit
        when 'starts' then exposures.start_count
        when 'requests' then exposures.request_count
        when 'instance-minutes' then exposures.instance_minutes
        else exposures.second_count
    end as exposure
from exposures
inner join units using (pair_id)
