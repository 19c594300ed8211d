-- What a worklog is made of, as a number: the entries of its service up to its end, and the patterns and clusters
-- inside it with their names. Grain: window.
-- grain: window_id
with

inside as (
    select
        span.window_id,
        minute.pattern_id,
        sum(minute.entry_count)::bigint as entry_count
    from pattern_minutes as minute
    inner join windows as span
        on is_in_window(span, minute.service, minute.revision, epoch_ns(minute.minute))
    group by all
),

patterns_inside as (
    select
        inside.window_id,
        bit_xor(hash(inside.pattern_id, inside.entry_count, pattern.template, cluster.cluster_id)) as patterns_hash
    from inside
    inner join windows as span using (window_id)
    inner join patterns as pattern using (pattern_id)
    left join pattern_clusters as cluster
        on span.service = cluster.service and inside.pattern_id = cluster.pattern_id
    group by inside.window_id
)

select
    span.window_id,
    hash(span.service, span.revision, span.from_ns, span.to_ns, minute.entries_so_far, inside.patterns_hash)::varchar
        as fingerprint
from windows as span
left join patterns_inside as inside using (window_id)
asof left join service_minutes as minute
    on span.service = minute.service and span.to_ns > minute.minute_ns
order by span.window_id
