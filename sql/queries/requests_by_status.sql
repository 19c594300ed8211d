-- Requests of each service by how they ended.
-- Grain: service, HTTP status.
select
    service,
    http_status,
    count(*) as request_count,
    round(100 * count(*) / sum(count(*)) over (partition by service), 2) as percent_of_requests,
    round(quantile_cont(http_latency_ns / 1e6, 0.5), 1) as median_ms,
    min(entry_at) as first_at,
    max(entry_at) as last_at
from entries
where kind = 'request'
group by service, http_status
order by service, http_status
