-- Requests that succeed and slow down, the five that lose most time, with how many more there are.
-- Grain: window, endpoint.
-- grain: window_id, endpoint
select
    window_id,
    endpoint,
    revision,
    base_revision,
    since_ns,
    until_ns,
    slow_count,
    slow_median_ns,
    before_count,
    before_median_ns,
    after_count,
    after_median_ns,
    p,
    greatest(count(*) over (partition by window_id) - 5, 0) as more_count
from slow_endpoints
qualify place <= 5
order by place
