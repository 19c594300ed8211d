-- For how long a cluster was not seen before its window ended, and how long its pauses were. Minutes are those in which
-- the service logged; of the time since it was last seen only those in which its severity was collected.
-- Grain: window, cluster. `longest_pause` is of the 28 days before, too, and where it came back after a long absence
-- of the time since then; `longest_pause_between_bouts` is shorter than a day, of what came back twice and more before
-- the window after half an hour or longer. Nothing after the window's end is looked at.
-- grain: window_id, lead_id
with

placed as (
    select
        counts.window_id,
        counts.lead_id,
        history.cluster_id,
        span.service,
        span.from_ns,
        span.to_ns,
        counts.severity,
        counts.first_ns // 60_000_000_000 * 60_000_000_000 as first_minute_ns,
        counts.last_ns // 60_000_000_000 * 60_000_000_000 as last_minute_ns,
        greatest(span.from_ns - 28 * 86_400_000_000_000, history.back_ns) as known_ns
    from cluster_counts as counts
    inner join windows as span using (window_id)
    left join cluster_history as history using (window_id, lead_id)
),

window_minutes as (
    select
        window_id,
        minute_ns,
        row_number() over (partition by window_id order by minute_ns) as place,
        count(*) over (partition by window_id) as minute_count
    from (
        select distinct span.window_id, epoch_ns(minute.minute) as minute_ns
        from windows as span
        inner join revision_minutes as minute
            on is_in_window(span, minute.service, minute.revision, epoch_ns(minute.minute))
    ) as minutes
),

uncollected as (
    select
        placed.window_id,
        placed.lead_id,
        count(*) as minute_count
    from placed
    inner join uncovered_minutes as gap
        on placed.service = gap.service
        and placed.severity = gap.severity
        and gap.minute_ns > placed.last_minute_ns
        and gap.minute_ns < placed.to_ns
        and gap.missing_ns > 30_000_000_000
    inner join window_minutes as minute
        on placed.window_id = minute.window_id
        and gap.minute_ns = minute.minute_ns
    group by all
),

quiet as (
    select
        placed.window_id,
        placed.lead_id,
        minute.minute_count - minute.place - coalesce(uncollected.minute_count, 0) as minutes_since
    from placed
    inner join window_minutes as minute
        on placed.window_id = minute.window_id
        and placed.last_minute_ns = minute.minute_ns
    left join uncollected
        on placed.window_id = uncollected.window_id and placed.lead_id = uncollected.lead_id
),

pauses_inside as (
    select
        shown.window_id,
        shown.lead_id,
        minute.place - lag(minute.place) over in_time as pause
    from (
        select distinct
            entry.window_id,
            member.lead_id,
            entry.entry_ns // 60_000_000_000 * 60_000_000_000 as minute_ns
        from window_entries as entry
        inner join cluster_patterns as member using (window_id, pattern_id)
    ) as shown
    inner join window_minutes as minute
        on shown.window_id = minute.window_id
        and shown.minute_ns = minute.minute_ns
    window in_time as (partition by shown.window_id, shown.lead_id order by minute.place)
),

pace as (
    select
        window_id,
        lead_id,
        count(*) as minute_count,
        max(pause) as longest_pause,
        avg(pause) as mean_pause
    from pauses_inside
    group by window_id, lead_id
),

archive_pauses as (
    select
        shown.service,
        shown.cluster_id,
        shown.minute_ns,
        lag(shown.minute_ns) over in_time as before_ns,
        minute.minute_number - lag(minute.minute_number) over in_time as pause
    from cluster_minutes as shown
    inner join service_minutes as minute
        on shown.service = minute.service
        and shown.minute_ns = minute.minute_ns
    window in_time as (partition by shown.service, shown.cluster_id order by shown.minute_ns)
),

-- pauses that end by the window's first entry; what came back after a long absence is known since then only
pauses_before as (
    select
        placed.window_id,
        placed.lead_id,
        max(paused.pause) as longest_pause,
        case
            when count(*) filter (paused.pause between 30 and 1439) >= 2
                then max(paused.pause) filter (paused.pause < 1440)
        end as longest_pause_between_bouts
    from placed
    inner join archive_pauses as paused
        on placed.service = paused.service
        and placed.cluster_id = paused.cluster_id
        and paused.minute_ns <= placed.first_minute_ns
        and paused.before_ns >= placed.known_ns
    group by placed.window_id, placed.lead_id
)

select
    pace.window_id,
    pace.lead_id,
    coalesce(quiet.minutes_since, 0)::bigint as minutes_since,
    pace.minute_count as minutes_seen,
    pace.longest_pause as longest_pause_inside,
    greatest(pace.longest_pause, pauses_before.longest_pause) as longest_pause,
    pauses_before.longest_pause_between_bouts,
    pace.mean_pause
from pace
left join quiet using (window_id, lead_id)
left join pauses_before using (window_id, lead_id)
