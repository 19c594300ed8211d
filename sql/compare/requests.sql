-- Requests compared: the share that ends with 5xx, and latency. Grain: pair, measure. Parameter: pairs (JSON).
-- grain: pair_id, measure
with

measures as (
    from compare_server_errors(pairs_of($pairs))
    union all by name
    from compare_latencies(pairs_of($pairs))
)

select *
from measures
order by pair_id asc, unit desc, base_value asc, measure asc
