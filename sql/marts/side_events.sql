-- The events of urgent clusters, and others of the same kind (requests, or messages) in the same time, to set them
-- beside one another: of clusters from P0 to P2 with at least five entries, the first five of a window; of each at most
-- 500 events, and 1,000 others, chosen by their keys.
-- Grain: window, cluster, log entry. `is_own`: of the cluster. `unit` is one for entries of a trace, or of a second on
-- an instance, which say a thing once.
-- grain: window_id, lead_id, entry_at, entry_key
with

service_sizes as (
    select
        asked.window_id,
        sum(minute.entry_count)::bigint as entry_count
    from windows as asked
    inner join revision_minutes as minute
        on is_in_window(asked, minute.service, minute.revision, epoch_ns(minute.minute))
    group by asked.window_id
),

chosen as (
    select
        cluster.window_id,
        cluster.lead_id,
        cluster.kind = 'request' as is_of_requests,
        cluster.is_request_line,
        make_timestamp_ns(cluster.first_ns) as first_at,
        make_timestamp_ns(cluster.last_ns) as last_at
    from clusters as cluster
    where cluster.priority <= 'P2'
        and cluster.entry_count >= 5
        and not cluster.is_expected
    qualify row_number() over (partition by cluster.window_id order by cluster.cluster_number) <= 5
),

beside as (
    select
        asked.window_id,
        entry.entry_at,
        entry.entry_key,
        entry.pattern_id,
        entry.kind = 'request' as is_request
    from placed_entries as entry
    inner join identified_sources as source on entry.source_id = source.source_id
    inner join windows as asked
        on is_in_window(asked, source.service, source.revision, epoch_ns(entry.entry_at))
    inner join service_sizes as size
        on asked.window_id = size.window_id
        -- some 20,000 of the window
        and hash(entry.entry_key) % greatest(size.entry_count // 20_000, 1) = 0
    where entry.kind in ('request', 'message', 'exception')
        and entry.entry_at >= make_timestamp_ns($from_ns)
        and entry.entry_at < make_timestamp_ns($to_ns)
),

others as (
    select
        chosen.window_id,
        chosen.lead_id,
        beside.entry_at,
        beside.entry_key,
        false as is_own,
        chosen.is_request_line
    from chosen
    inner join beside
        on chosen.window_id = beside.window_id
        and chosen.is_of_requests = beside.is_request
        and beside.entry_at between chosen.first_at and chosen.last_at
    anti join cluster_patterns as member
        on chosen.window_id = member.window_id
        and chosen.lead_id = member.lead_id
        and beside.pattern_id = member.pattern_id
    qualify row_number() over (
        partition by chosen.window_id, chosen.lead_id order by hash(beside.entry_key), beside.entry_key
    ) <= 1000
),

looked_at as (
    select
        chosen.window_id,
        chosen.lead_id,
        entry.entry_at,
        entry.entry_key,
        true as is_own,
        chosen.is_request_line
    from chosen
    inner join cluster_entries as entry
        on chosen.window_id = entry.window_id and chosen.lead_id = entry.lead_id and entry.is_lead
    qualify row_number() over (
        partition by chosen.window_id, chosen.lead_id order by hash(entry.entry_key), entry.entry_key
    ) <= 500
    union all
    select *
    from others
)

select
    event.*,
    coalesce(
        nullif(entry.trace, ''),
        concat_ws(' ', nullif(source.instance_id, ''), labels.instance_id, epoch_ns(entry.entry_at) // 1_000_000_000)
    ) as unit,
    entry.pattern_id,
    entry.message,
    entry.payload,
    labels.labels,
    coalesce(nullif(source.instance_id, ''), nullif(labels.instance_id, '')) as instance_id,
    source.location,
    source.revision,
    entry."user",
    entry.http_method,
    entry.http_url
from looked_at as event
inner join placed_entries as entry
    on event.entry_at = entry.entry_at and event.entry_key = entry.entry_key
inner join identified_sources as source on entry.source_id = source.source_id
left join label_sets as labels on entry.label_set_id = labels.label_set_id
where entry.entry_at >= make_timestamp_ns($from_ns)
    and entry.entry_at < make_timestamp_ns($to_ns)
