-- Whether a cluster has ended: it was seen in the window, and no more for so long that it would have shown.
-- An end is shown by 4.6 occurrences to be expected since (of none there is then a chance of 1 %): at its share of
-- starts or of the requests to its endpoints, if it is gone for longer than between its bouts, or by its pauses where
-- it was seen in five minutes or more; after five minutes at least, and longer than it ever paused. Whole revisions
-- since that would have shown it show an end too, where those that show it log no more.
-- Grain: window, cluster. `is_quiet`: not seen for ten minutes and longer than it ever paused in the window; it may be
-- too rare to tell an end.
-- grain: window_id, lead_id
with

outlived as (
    select
        counts.window_id,
        counts.lead_id,
        count(*) as revisions_since
    from cluster_counts as counts
    inner join windows as span using (window_id)
    inner join cluster_history as history using (window_id, lead_id)
    inner join cluster_origins as origin
        on span.service = origin.service
        and history.cluster_id = origin.cluster_id
        and epoch_ns(origin.last_at) < span.to_ns
    inner join revision_lives as showing
        on origin.service = showing.service
        and origin.last_revision = showing.revision
    inner join revision_lives as life
        on origin.service = life.service
        and list_contains(origin.absent_after, life.revision)
        and life.last_at > showing.last_at
        and epoch_ns(life.last_at) < span.to_ns
    where span.revision is null
    group by counts.window_id, counts.lead_id
),

last_places as (
    select
        entry.window_id,
        member.lead_id,
        nullif(arg_max(entry.revision, (entry.entry_ns, entry.entry_key)), '') as end_revision
    from window_entries as entry
    inner join cluster_patterns as member using (window_id, pattern_id)
    group by entry.window_id, member.lead_id
)

select
    pause.window_id,
    pause.lead_id,
    place.end_revision,
    pause.minutes_since,
    coalesce(start.starts_since, 0) as starts_since,
    coalesce(request.requests_since, 0) as requests_since,
    coalesce(outlived.revisions_since, 0) as revisions_since,
    pause.longest_pause,
    pause.minutes_since >= 10 and pause.minutes_since > coalesce(pause.longest_pause_inside, 0) as is_quiet,
    pause.minutes_since > coalesce(pause.longest_pause_between_bouts, 0) as outlasts_bouts,
    case
        when pause.minutes_since < 5 or pause.minutes_since <= pause.longest_pause_inside then null
        when outlasts_bouts and start.starts_since * start.start_share >= 4.6 then 'starts'
        when outlasts_bouts and request.requests_since * request.request_share >= 4.6 then 'requests'
        when outlived.revisions_since > 0 then 'revisions'
        when pause.minutes_seen >= 5
            and pause.minutes_since > pause.longest_pause
            and pause.minutes_since >= 4.6 * pause.mean_pause then 'time'
    end as ended_by
from cluster_pauses as pause
left join cluster_starts as start using (window_id, lead_id)
left join cluster_requests as request using (window_id, lead_id)
left join outlived using (window_id, lead_id)
left join last_places as place using (window_id, lead_id)
