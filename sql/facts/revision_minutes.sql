-- Traffic and health of each revision, minute by minute.
-- Grain: service, revision, minute. `latencies` maps a step (1.1 to its power, in microseconds) to a count:
-- whole numbers that add up, unlike quantiles.
select
    service,
    revision,
    make_timestamp_ns(epoch_ns(entry_at) // 60_000_000_000 * 60_000_000_000) as minute,
    count(*) as entry_count,
    count(*) filter (effective_severity <= 'INFO'::severity_name) as info_count,
    count(*) filter (effective_severity = 'NOTICE') as notice_count,
    count(*) filter (effective_severity = 'WARNING') as warning_count,
    count(*) filter (effective_severity = 'ERROR') as error_count,
    count(*) filter (effective_severity >= 'CRITICAL'::severity_name) as critical_count,
    count(*) filter (kind = 'request') as request_count,
    count(*) filter (kind = 'request' and http_status < 400) as success_count,
    count(*) filter (kind = 'request' and http_status >= 500) as server_error_count,
    count(distinct nullif(instance_id, '')) as instance_count,
    histogram(floor(ln(greatest(http_latency_ns // 1000, 1)) / ln(1.1))::int)
        filter (kind = 'request' and http_latency_ns is not null) as latencies
from entries
group by all
