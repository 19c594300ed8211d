-- New, back, active, escalating or unknown: said only as far as history reaches. Back means in this window, or in the
-- latest revision within the last 7 days.
-- Grain: window, cluster. The ceiling is twice the busiest hour of the 14 days before.
select
    window_id,
    lead_id,
    cluster_id,
    case
        when count_before = 0 and (minutes_before < 60 or history.from_ns - service_first_ns < 86_400_000_000_000)
            then 'unknown'
        when count_before = 0 then 'new'
        when is_back_now then 'regression'
        when history.from_ns - service_first_ns >= 86_400_000_000_000
            and busiest_hour >= 10
            and busiest_hour > 2 * coalesce(busiest_hour_before, 0) then 'escalating'
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
    gone_ns,
    back_ns,
    back_revision,
    quiet_minutes,
    busiest_hour,
    busiest_hour_before
from (
    select history.*, span.from_ns
    from cluster_history as history
    inner join windows as span using (window_id)
) as history
