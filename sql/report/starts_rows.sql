-- Starts of instances in the window. Grain: one row.
select
    count(*) as instance_count,
    count(*) filter (announced_at is not null) as announced_count,
    count(*) filter (epoch_ns(first_at) >= $from_ns) as first_seen_count
from starts
where service = $service
    and epoch_ns(first_at) < $to_ns
    and epoch_ns(last_at) >= $from_ns
