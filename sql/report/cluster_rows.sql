-- The clusters in the order of the worklog, with how often in words. Grain: window, cluster.
-- grain: window_id, lead_id
select
    cluster.* exclude (effective_severity, severity, lead_statement, long_text)
    -- what a command of Cloud Run does helps nobody elsewhere
    replace (
        case when platform.is_cloud_run then cluster.actions
            else list_filter(cluster.actions, lambda action: not contains(action, 'gcloud run '))
        end as actions
    ),
    cluster.effective_severity::varchar as severity,
    cluster.severity::varchar as written_severity,
    cluster.last_ns - cluster.first_ns as span_ns,
    totals.ranked_count,
    case
        when cluster.entry_count - cluster.piece_count + cluster.event_count = 1 then 'once'
        when cluster.is_once_a_start then 'once a start'
        when cluster.last_ns - cluster.first_ns <= 120_000_000_000 then 'one burst'
        when cluster.entry_count - cluster.piece_count + cluster.event_count >= 20
            and cluster.pause_ns <= 60_000_000_000
            and cluster.minute_count >= 10
            then case
                when cluster.session_count = 1 then 'constant stream'
                else 'stream in ' || cluster.session_count || ' stretches'
            end
        when cluster.entry_count - cluster.piece_count + cluster.event_count >= 3 * cluster.minute_count then 'bursts'
        else 'now and then'
    end as rhythm,
    round(cluster.entry_count * 1.0 / cluster.minute_count, 1) as per_active_minute,
    starts.instance_count as start_count
from clusters as cluster
inner join (select window_id, count(*) as ranked_count from window_entries group by all) as totals using (window_id)
inner join (
    select
        span.window_id,
        count(start.instance_id) as instance_count
    from windows as span
    left join starts as start
        on is_in_window(span, start.service, start.revision, epoch_ns(start.first_at))
    group by all
) as starts using (window_id)
inner join windows as span on cluster.window_id = span.window_id
left join (
    select service, bool_or(resource_type = 'cloud_run_revision') as is_cloud_run
    from identified_sources
    group by service
) as platform on span.service = platform.service
order by cluster.cluster_number
