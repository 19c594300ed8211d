-- The central fact: how often, when and where each pattern occurs.
-- Grain: service, revision, pattern, severity with level, minute. `event_count` counts a text that is written in
-- several entries, such as a stack trace line by line, once: with its first piece.
-- grain: service, revision, pattern_id, severity, level, effective_severity, minute
with

counted as (
    select
        raw.source_id,
        coalesce(raw.pattern_id, 'no payload') as pattern_id,
        raw.severity,
        raw.level,
        raw.level_source,
        raw.label_set_id,
        epoch_ns(raw.entry_at) // 60_000_000_000 * 60_000_000_000 as minute_ns,
        count(*) as entry_count,
        count(*) filter (
            raw.event_id is null or (event.first_ns = epoch_ns(raw.entry_at) and event.first_key = raw.entry_key)
        ) as event_count,
        min(raw.entry_at) as first_at,
        max(raw.entry_at) as last_at,
        min(raw.insert_id) as sample_insert_id
    from placed_entries as raw
    left join (
        select
            event_id,
            min(entry_ns) as first_ns,
            arg_min(entry_key, (entry_ns, entry_key)) as first_key
        from trace_pieces
        group by event_id
    ) as event on raw.event_id = event.event_id
    group by all
),

minutes as (
    select
        counted.* exclude (label_set_id),
        coalesce(nullif(source.instance_id, ''), nullif(labels.instance_id, '')) as smallest_instance_id,
        smallest_instance_id as greatest_instance_id
    from counted
    left join sources as source on counted.source_id = source.source_id
    left join label_sets as labels on counted.label_set_id = labels.label_set_id
    union all by name
    select
        source_id,
        coalesce(pattern_id, 'no payload') as pattern_id,
        severity,
        level,
        null as level_source,
        minute_ns,
        entry_count,
        entry_count as event_count,
        first_at,
        last_at,
        smallest_instance_id,
        greatest_instance_id,
        smallest_insert_id as sample_insert_id
    from placed_counts
)

select
    source.service,
    source.revision,
    minutes.pattern_id,
    minutes.severity,
    minutes.level,
    effective_severity(minutes.severity, minutes.level, minutes.level_source, source.log_id) as effective_severity,
    make_timestamp_ns(minutes.minute_ns) as minute,
    sum(minutes.entry_count)::bigint as entry_count,
    sum(minutes.event_count)::bigint as event_count,
    min(minutes.first_at) as first_at,
    max(minutes.last_at) as last_at,
    min(minutes.smallest_instance_id) as smallest_instance_id,
    max(minutes.greatest_instance_id) as greatest_instance_id,
    min(minutes.sample_insert_id) as sample_insert_id
from minutes
inner join identified_sources as source using (source_id)
group by all
