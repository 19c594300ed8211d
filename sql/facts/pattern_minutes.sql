-- The central fact: how often, when and where each pattern occurs.
-- Grain: service, revision, pattern, severity, level, minute. `event_count` counts what is told over several entries, such
-- as a stack trace line by line, once: with its first piece.
select
    source.service,
    source.revision,
    coalesce(raw.pattern_id, 'no payload') as pattern_id,
    raw.severity,
    raw.level,
    make_timestamp_ns(epoch_ns(raw.entry_at) // 60_000_000_000 * 60_000_000_000) as minute,
    count(*) as entry_count,
    count(*) filter (
        raw.event_id is null or (event.first_ns = epoch_ns(raw.entry_at) and event.first_key = raw.entry_key)
    ) as event_count,
    min(raw.entry_at) as first_at,
    max(raw.entry_at) as last_at,
    min(labels.instance_id) as smallest_instance_id,
    max(labels.instance_id) as greatest_instance_id,
    min(raw.insert_id) as sample_insert_id
from placed_entries as raw
inner join sources as source on raw.source_id = source.source_id
left join label_sets as labels on raw.label_set_id = labels.label_set_id
left join (
    select
        event_id,
        min(entry_ns) as first_ns,
        arg_min(entry_key, (entry_ns, entry_key)) as first_key
    from trace_pieces
    group by event_id
) as event on raw.event_id = event.event_id
group by all
