-- What the entries of a cluster add up to. What stands in several entries is one event: severities count events, and
-- `pause_ns` is the median time from one to the next.
-- Grain: window, cluster, identified by its lead.
-- grain: window_id, lead_id
with

members as (
    select
        member.lead_id,
        entry.*,
        entry.event_id is null
        or row_number() over (
            partition by entry.window_id, member.lead_id, entry.event_id order by entry.entry_ns, entry.entry_key
        ) = 1 as is_first
    from window_entries as entry
    inner join cluster_patterns as member using (window_id, pattern_id)
),

paused as (
    select
        *,
        case
            when is_first
                then entry_ns - lag(entry_ns) over (
                    partition by window_id, lead_id, is_first order by entry_ns, entry_key
                )
        end as pause_ns
    from members
)

select
    window_id,
    lead_id,
    count(*) as entry_count,
    count(event_id) as piece_count,
    count(distinct event_id) as event_count,
    max(effective_severity) as effective_severity,
    max(severity) as severity,
    count(*) filter (is_first and effective_severity = 'NOTICE') as notice_count,
    count(*) filter (is_first and effective_severity = 'WARNING') as warning_count,
    count(*) filter (is_first and effective_severity = 'ERROR') as error_count,
    count(*) filter (is_first and effective_severity >= 'CRITICAL'::severity_name) as critical_count,
    min(entry_ns) as first_ns,
    max(entry_ns) as last_ns,
    count(distinct instance_id) as instance_count,
    count(distinct nullif(revision, '')) as revision_count,
    count(distinct trace) as trace_count,
    count(distinct entry_ns // 60_000_000_000) as minute_count,
    round(median(pause_ns))::bigint as pause_ns,
    count(*) filter (pause_ns > 900_000_000_000) + 1 as session_count,
    count(*) filter (kind = 'request') as request_count,
    count(*) filter (http_status >= 500) as server_error_count,
    max(ended_ns) - min(ended_ns) as ends_within_ns
from paused
group by window_id, lead_id
