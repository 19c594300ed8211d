-- Endpoints by the latency of their slowest 5 % of requests; ids in paths are one endpoint.
-- Grain: service, method and path.
-- param at_least = 10: endpoints with fewer requests are left out
with

requests as (
    select
        entry.service,
        regexp_replace(pattern.template, ' [0-9]{3}$', '') as endpoint,
        entry.http_status,
        entry.http_latency_ns / 1e6 as latency_ms
    from entries as entry
    inner join patterns as pattern on entry.pattern_id = pattern.pattern_id
    where entry.kind = 'request'
        and entry.http_latency_ns is not null
)

select
    service,
    endpoint,
    count(*) as request_count,
    count(*) filter (http_status >= 500) as server_error_count,
    round(quantile_cont(latency_ms, 0.5), 1) as median_ms,
    round(quantile_cont(latency_ms, 0.95), 1) as p95_ms,
    round(max(latency_ms), 1) as slowest_ms
from requests
group by service, endpoint
having count(*) >= $at_least::bigint
order by p95_ms desc, service asc, endpoint asc
