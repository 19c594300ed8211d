-- New, back, active, escalating or unknown: said only as far as history reaches.
-- Grain: cluster.
select
    lead_id,
    case
        when minutes_before = 0 then 'unknown'
        when count_before = 0 and $from_ns - service_first_ns >= 86_400_000_000_000 then 'new'
        when count_before = 0 then 'unknown'
        when gone_ns is not null and is_back_now and quiet_minutes >= 60 then 'regression'
        when busiest_hour >= 10 and busiest_hour > 2 * coalesce(busiest_hour_before, 0) then 'escalating'
        else 'active'
    end as state,
    case state
        when 'new' then 'new'
        when 'regression' then 'regression'
        when 'escalating' then 'escalated'
        else 'active-dev'
    end as state_category,
    minutes_before,
    count_before,
    service_first_ns,
    first_minute_ns,
    gone_ns,
    back_ns,
    back_revision,
    quiet_minutes,
    busiest_hour,
    busiest_hour_before
from cluster_history
