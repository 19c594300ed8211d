-- Starts of instances in the window. Grain: window.
-- grain: window_id
select
    span.window_id,
    count(start.instance_id) as instance_count,
    count(*) filter (start.announced_at is not null) as announced_count,
    count(*) filter (epoch_ns(start.first_at) >= span.from_ns) as first_seen_count
from windows as span
left join starts as start
    on touches_window(span, start.service, start.revision, epoch_ns(start.first_at), epoch_ns(start.last_at))
group by all
