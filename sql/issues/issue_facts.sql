-- What an issue says of a cluster beyond its window: since when it is known, how many of its entries the archive holds
-- up to the window's end, and the query that lists those of the window. Grain: window, cluster.
-- grain: window_id, lead_id
with

lives as (
    select
        span.window_id,
        minute.cluster_id,
        min(minute.minute_ns) as first_seen_ns,
        sum(minute.entry_count)::bigint as archive_count
    from windows as span
    inner join cluster_minutes as minute
        on span.service = minute.service and minute.minute_ns < span.to_ns
    group by all
),

-- a window without its lead may hold a cluster in several parts: the query lists all of them
members as (
    select
        member.window_id,
        coalesce(cluster.cluster_id, cluster.lead_id) as cluster_id,
        string_agg('''' || member.pattern_id || '''', ', ' order by member.pattern_id) as pattern_ids
    from cluster_patterns as member
    inner join clusters as cluster using (window_id, lead_id)
    group by all
)

select
    cluster.window_id,
    cluster.lead_id,
    coalesce(cluster.cluster_id, cluster.lead_id) as cluster_id,
    coalesce(life.first_seen_ns, cluster.first_ns) as first_seen_ns,
    coalesce(life.archive_count, cluster.entry_count) as archive_count,
    'select * from entries where pattern_id in (' || members.pattern_ids || ')'
        || ' and service_key = ''' || replace(span.service, '''', '''''') || ''''
        || ' and severity_number >= ' || enum_code(span.minimum_severity)::int * 100
        || ' and epoch_ns(entry_at) >= ' || span.from_ns
        || ' and epoch_ns(entry_at) < ' || span.to_ns as query,
    -- in other names a shell may find more than a name
    regexp_full_match(span.service, '[A-Za-z0-9_.:-]*') as is_plain
from clusters as cluster
inner join windows as span using (window_id)
inner join members
    on cluster.window_id = members.window_id
    and coalesce(cluster.cluster_id, cluster.lead_id) = members.cluster_id
left join lives as life
    on cluster.window_id = life.window_id and cluster.cluster_id = life.cluster_id
order by cluster.window_id, cluster.cluster_number
