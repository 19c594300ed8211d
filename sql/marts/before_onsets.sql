-- What was said rarely within the fifteen minutes before a cluster began, of the same service. `chance` is the share of
-- up to 200 moments, spread evenly over the minutes in which the service logged, that have anything as rare as near
-- before them.
-- Grain: window, cluster, pattern.
-- grain: window_id, lead_id, pattern_id
with

moments as (
    select
        span.window_id,
        minute.service,
        minute.minute_ns,
        row_number() over (partition by span.window_id order by minute.minute_ns) as place,
        count(*) over (partition by span.window_id) as minute_count
    from windows as span
    inner join service_minutes as minute
        on span.service = minute.service
        and minute.minute_ns >= span.from_ns
        and minute.minute_ns < span.to_ns
    where exists (select 1 from cluster_onsets as onset where span.window_id = onset.window_id)
),

looked_at as (
    select window_id, service, minute_ns
    from moments
    where place % greatest(1, minute_count // 200) = 0
),

-- how long before each moment something rare was said
pauses as (
    select
        moment.window_id,
        moment.minute_ns - line.entry_ns as lag_ns
    from looked_at as moment
    asof left join (select * from rare_entries order by entry_ns) as line
        on moment.service = line.service
        and moment.minute_ns >= line.entry_ns
),

found as (
    select
        onset.window_id,
        onset.lead_id,
        line.pattern_id,
        max(line.entry_ns) as entry_ns,
        arg_max(line.message, (line.entry_ns, line.entry_key)) as message,
        arg_max(line.effective_severity::varchar, (line.entry_ns, line.entry_key)) as severity,
        onset.onset_ns - max(line.entry_ns) as lag_ns,
        coalesce(
            arg_max_null(line.instance_id, (line.entry_ns, line.entry_key)) = onset.instance_id, false
        ) as is_same_instance,
        count(*) as entry_count
    from cluster_onsets as onset
    inner join rare_entries as line
        on onset.service = line.service
        and line.entry_ns >= onset.onset_ns - 900_000_000_000
        and line.entry_ns < onset.onset_ns
    -- what belongs to a cluster is told there
    anti join cluster_patterns as member
        on onset.window_id = member.window_id and line.pattern_id = member.pattern_id
    group by onset.window_id, onset.lead_id, onset.onset_ns, onset.instance_id, line.pattern_id
)

select
    found.*,
    count(pauses.window_id) as moment_count,
    count(*) filter (pauses.lag_ns <= found.lag_ns) as rare_moment_count,
    (1 + count(*) filter (pauses.lag_ns <= found.lag_ns)) / (1 + count(pauses.window_id)) as chance
from found
left join pauses using (window_id)
group by all
having chance <= 0.05
