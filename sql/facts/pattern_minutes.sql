-- The central fact: how often, when and where each pattern occurs.
-- Grain: service, revision, pattern, severity, level, minute.
select
    source.service,
    source.revision,
    coalesce(raw.pattern_id, 'no payload') as pattern_id,
    raw.severity,
    raw.level,
    make_timestamp_ns(epoch_ns(raw.entry_at) // 60_000_000_000 * 60_000_000_000) as minute,
    count(*) as entry_count,
    min(raw.entry_at) as first_at,
    max(raw.entry_at) as last_at,
    min(labels.instance_id) as smallest_instance_id,
    max(labels.instance_id) as greatest_instance_id,
    min(raw.insert_id) as sample_insert_id
from placed_entries as raw
inner join sources as source on raw.source_id = source.source_id
left join label_sets as labels on raw.label_set_id = labels.label_set_id
group by all
