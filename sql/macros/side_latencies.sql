-- Latencies of each side by the minute, where both sides log successes: of failures alone they say little.
-- Grain: pair, side, minute, revision, step. `key` is the step, a power of 1.1 of a microsecond, `value` how many
-- requests took it.
-- grain: none (two revisions may have the same step in a minute)
select
    pair_id,
    service,
    is_target,
    minute_ns,
    -- `key` and `value`
    unnest(steps, recursive := true) -- noqa: AL03
from side_requests(pairs)
semi join (
    select pair_id
    from (select pair_id, is_target, sum(success_count) as success_count from side_requests(pairs) group by all) as side
    group by pair_id
    having count(*) = 2 and min(success_count) > 0
) as told using (pair_id)
