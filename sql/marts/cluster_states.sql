-- The state of a cluster at the end of its window: ended, new, regression, escalating, active, or unknown if too little
-- history is loaded. A regression came back in this window, or in the latest revision within the last 7 days; or a
-- revision of the last 14 days made it worse.
-- Grain: window, cluster. The ceiling is twice the busiest hour of the 14 days before. `state_before_end` is the state
-- that it would have had it not ended.
-- grain: window_id, lead_id
select
    window_id,
    lead_id,
    cluster_id,
    case
        when count_before = 0 and (minutes_before < 60 or history.from_ns - service_first_ns < 86_400_000_000_000)
            then 'unknown'
        when count_before = 0 then 'new'
        when is_back_now or is_worse_now then 'regression'
        when history.from_ns - service_first_ns >= 86_400_000_000_000
            and busiest_hour >= 10
            and busiest_hour > 2 * coalesce(busiest_hour_before, 0) then 'escalating'
        else 'active'
    end as state_before_end,
    if(history.ended_by is null, state_before_end, 'ended') as state,
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
    is_back_now,
    is_worse_now,
    worse_revision,
    worse_lower,
    busiest_hour,
    busiest_hour_before,
    ended_by,
    is_quiet,
    end_revision,
    minutes_since,
    starts_since,
    requests_since,
    revisions_since,
    longest_pause
from (
    select
        history.*,
        ended.* exclude (window_id, lead_id),
        span.from_ns,
        pair.target_revision as worse_revision,
        change.ratio_lower as worse_lower,
        coalesce(
            change.verdict = 'worse' and pair.target_from_ns >= span.to_ns - 14 * 86_400_000_000_000,
            false
        ) as is_worse_now
    from cluster_history as history
    inner join windows as span using (window_id)
    left join cluster_ends as ended using (window_id, lead_id)
    left join window_changes as change
        on history.window_id = change.window_id and history.lead_id = change.pattern_id
    left join window_pairs as pair on history.window_id = pair.window_id
) as history
