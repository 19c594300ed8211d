-- What the window holds in all, every severity counted. Grain: window.
-- grain: window_id
with

minutes as (
    select
        span.window_id,
        span.minimum_severity,
        span.service as window_service,
        minute.*
    from windows as span
    left join pattern_minutes as minute
        on is_in_window(span, minute.service, minute.revision, epoch_ns(minute.minute))
)

select
    window_id,
    coalesce(sum(entry_count), 0)::bigint as entry_count,
    coalesce(sum(entry_count) filter (
        effective_severity >= minimum_severity and pattern_id <> 'no payload'
    ), 0)::bigint as ranked_count,
    coalesce(sum(entry_count) filter (pattern_id = 'no payload'), 0)::bigint as no_payload_count,
    epoch_ns(min(first_at)) as first_ns,
    epoch_ns(max(last_at)) as last_ns,
    count(distinct minute) as minute_count,
    (select count(*) from clusters where clusters.window_id = minutes.window_id) as cluster_count,
    (
        select arg_max(source.filter, (len(source.filter), source.filter))
        from identified_sources as source
        where source.service = any_value(minutes.window_service)
    ) as explorer_filter
from minutes
group by window_id
