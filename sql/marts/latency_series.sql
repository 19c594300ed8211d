-- The latencies in which a rise is looked for: endpoints of which eight requests took twice as long as eight others and
-- 100 ms longer, whenever they were. Of many requests every second, third, ... is looked at, 8,191 at most. The places
-- are those of `endpoint_latencies`.
-- Grain: window, endpoint, place.
-- grain: window_id, endpoint, place
select
    request.window_id,
    request.endpoint,
    request.place,
    request.latency_ns,
    coalesce(request.revision_place, 0) as revision_place
from endpoint_latencies as request
semi join (
    select
        window_id,
        endpoint,
        min(latency_ns, 8)[8] as short_ns,
        max(latency_ns, 8)[8] as long_ns
    from endpoint_latencies
    group by window_id, endpoint
    having long_ns >= 2 * short_ns
        and long_ns - short_ns >= 100_000_000
) as uneven
    on request.window_id = uneven.window_id and request.endpoint = uneven.endpoint
where request.place % greatest(request.request_count // 4096, 1) = 0
