-- The requests of a cluster: to where, with what end, how long they took, and how close together they ended.
-- Grain: window, cluster, method, host and path, status.
-- grain: window_id, lead_id, method, url, status
with

requests as (
    select
        entry.window_id,
        entry.lead_id,
        raw.http_method as method,
        regexp_extract(raw.http_url, '^[^?#]*') as url,
        raw.http_status as status,
        raw.http_user_agent as user_agent,
        raw.http_latency_ns as latency_ns,
        entry.entry_ns,
        entry.ended_ns,
        entry.instance_id
    from cluster_entries as entry
    inner join raw_entries as raw on entry.entry_at = raw.entry_at and entry.entry_key = raw.entry_key
    where entry.kind = 'request'
        and raw.entry_at >= make_timestamp_ns($from_ns)
        and raw.entry_at < make_timestamp_ns($to_ns)
)

select
    window_id,
    lead_id,
    method,
    url,
    status,
    count(*) as entry_count,
    count(distinct instance_id) as instance_count,
    any_value(instance_id order by instance_id) as instance_id,
    count(distinct user_agent) as agent_count,
    any_value(user_agent order by user_agent) as user_agent,
    round(median(latency_ns))::bigint as median_latency_ns,
    min(latency_ns) as least_latency_ns,
    max(latency_ns) as greatest_latency_ns,
    min(entry_ns) as first_started_ns,
    max(entry_ns) as last_started_ns,
    min(ended_ns) as first_ended_ns,
    max(ended_ns) as last_ended_ns,
    max(ended_ns) - min(ended_ns) as ends_within_ns,
    max(entry_ns) - min(entry_ns) as starts_within_ns
from requests
group by window_id, lead_id, method, url, status
qualify row_number() over (partition by window_id, lead_id order by count(*) desc, url asc, status asc, method asc) <= 5
order by entry_count desc, url asc, status asc, method asc
