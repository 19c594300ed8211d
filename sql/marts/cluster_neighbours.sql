-- What is written close to a cluster's lead on the same instance: looked at for up to 200 entries of the
-- lead, spread evenly. Grain: window, cluster, neighbouring pattern that is in no cluster of its own.
-- grain: window_id, lead_id, pattern_id
with

leads as (
    select
        window_id,
        lead_id,
        service,
        entry_ns,
        instance_id,
        row_number() over (partition by window_id, lead_id order by entry_ns, entry_key) as place,
        count(*) over (partition by window_id, lead_id) as lead_count
    from cluster_entries
    where is_lead
        and instance_id is not null
        and kind <> 'request'
),

looked_at as (
    select *, count(*) over (partition by window_id, lead_id) as looked_count
    from leads
    where place % greatest(1, lead_count // 200) = 0
),

neighbours as (
    select
        windows.window_id,
        epoch_ns(entry.entry_at) as entry_ns,
        entry.instance_id,
        entry.pattern_id
    from entries as entry
    -- a `span` is a column of entries
    inner join windows
        on is_in_window(windows, entry.service_key, entry.revision, epoch_ns(entry.entry_at))
    where entry.entry_at >= make_timestamp_ns($from_ns)
        and entry.entry_at < make_timestamp_ns($to_ns)
        and entry.effective_severity < 'NOTICE'::severity_name
        and entry.kind = 'message'
        and entry.instance_id <> ''
),

neighbour_counts as (
    select window_id, pattern_id, instance_id, count(*) as entry_count
    from neighbours
    group by all
),

near as (
    select
        looked_at.window_id,
        looked_at.lead_id,
        looked_at.place,
        any_value(looked_at.looked_count) as looked_count,
        neighbours.pattern_id,
        min(neighbours.entry_ns - looked_at.entry_ns) as lag_ns
    from looked_at
    inner join neighbours
        on looked_at.window_id = neighbours.window_id
        and looked_at.instance_id = neighbours.instance_id
        and neighbours.entry_ns between looked_at.entry_ns - 1_000_000_000 and looked_at.entry_ns + 1_000_000_000
    group by looked_at.window_id, looked_at.lead_id, looked_at.place, neighbours.pattern_id
)

select
    near.window_id,
    near.lead_id,
    near.pattern_id,
    any_value(pattern.template) as template,
    count(*) as together_count,
    any_value(near.looked_count) as looked_count,
    quantile_disc(near.lag_ns, 0.5) as lag_ns,
    least(1.0, 2.0 * max(counts.entry_count) / greatest(any_value(span.to_ns - span.from_ns) / 1e9, 1)) as chance
from near
inner join windows as span on near.window_id = span.window_id
inner join patterns as pattern on near.pattern_id = pattern.pattern_id
inner join (
    select window_id, pattern_id, max(entry_count) as entry_count from neighbour_counts group by all
) as counts on near.window_id = counts.window_id and near.pattern_id = counts.pattern_id
group by near.window_id, near.lead_id, near.pattern_id
having count(*) >= 0.8 * any_value(near.looked_count)
    and count(*) >= 3
    and chance < 0.2
