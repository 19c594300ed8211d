-- The clusters in the order of the worklog, with how often in words. Grain: cluster.
select
    cluster.* exclude (effective_severity, severity),
    cluster.effective_severity::varchar as severity,
    cluster.severity::varchar as written_severity,
    cluster.last_ns - cluster.first_ns as span_ns,
    totals.ranked_count,
    case
        when cluster.entry_count = 1 then 'once'
        when starts.is_once_a_start then 'once a start'
        when cluster.last_ns - cluster.first_ns <= 120_000_000_000 then 'one burst'
        when cluster.minute_count >= 10 and 2 * cluster.minute_count >= (cluster.last_ns - cluster.first_ns) // 60_000_000_000
            then 'constant stream'
        when cluster.entry_count >= 3 * cluster.minute_count then 'bursts'
        else 'now and then'
    end as rhythm,
    round(cluster.entry_count * 1.0 / cluster.minute_count, 1) as per_active_minute,
    coalesce(starts.is_once_a_start, false) as is_once_a_start
from clusters as cluster
cross join (select count(*) as ranked_count from window_entries) as totals
left join (
    select lead_id, bool_or(reason = 'once a start') as is_once_a_start
    from cluster_patterns
    group by lead_id
) as starts on cluster.lead_id = starts.lead_id
order by cluster.cluster_number
