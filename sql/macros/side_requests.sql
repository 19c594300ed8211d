-- Requests of each side by the minute. Grain: pair, side, minute. `steps` are the latencies in powers of 1.1 of a
-- microsecond with their counts.
-- grain: pair_id, is_target, minute_ns
select
    side.pair_id,
    any_value(side.service) as service,
    side.is_target,
    epoch_ns(minute.minute) as minute_ns,
    sum(minute.request_count)::bigint as request_count,
    sum(minute.success_count)::bigint as success_count,
    sum(minute.server_error_count)::bigint as server_error_count,
    flatten(list(map_entries(minute.latencies))) as steps
from pair_sides(pairs) as side
inner join revision_minutes as minute
    on is_on_side(side, minute.service, minute.revision, epoch_ns(minute.minute))
where minute.request_count > 0
group by side.pair_id, side.is_target, epoch_ns(minute.minute)
