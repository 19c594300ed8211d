-- The central fact: how often, when and where each pattern occurs.
-- Grain: service, revision, pattern, severity with level, minute. `event_count` counts a text that is written in
-- several entries, such as a stack trace line by line, once: with its first piece.
-- Rows are grouped by numbers in place of names: ids of instances are long, and grouping them takes most of the time.
-- grain: service, revision, pattern_id, severity, level, effective_severity, minute
-- minute: epoch_ns(minute)
with

-- the number keeps the order of the ids
instances as (
    select
        instance_id,
        row_number() over (order by instance_id) as number
    from (
        select instance_id from sources
        union distinct
        select instance_id from label_sets
        where label_set_id in (select label_set_id from raw_entries)
        union distinct
        select smallest_instance_id from placed_counts
        union distinct
        select greatest_instance_id from placed_counts
    ) as known
    where instance_id <> ''
),

places as (
    select
        service,
        revision,
        row_number() over () as number
    from (select distinct service, revision from identified_sources) as known
),

numbered_sources as (
    select
        source.source_id,
        source.log_id,
        places.number as place,
        instances.number as instance
    from identified_sources as source
    inner join places
        on source.service = places.service
        and source.revision is not distinct from places.revision
    left join instances on source.instance_id = instances.instance_id
),

numbered_labels as (
    select
        labels.label_set_id,
        instances.number as instance
    from label_sets as labels
    inner join instances on labels.instance_id = instances.instance_id
),

numbered_patterns as (
    select
        pattern_id,
        row_number() over () as number
    from patterns
),

first_pieces as (
    select
        min(entry_ns) as entry_ns,
        arg_min(entry_key, (entry_ns, entry_key)) as entry_key
    from trace_pieces
    group by event_id
),

occurrences as (
    select
        raw.source_id,
        raw.pattern_id,
        raw.severity,
        raw.level,
        raw.level_source,
        epoch_ns(raw.entry_at) // 60_000_000_000 as minute,
        1 as entry_count,
        if(raw.event_id is null or first_piece.entry_key is not null, 1, 0) as event_count,
        raw.entry_at as first_at,
        raw.entry_at as last_at,
        labels.instance as smallest_instance,
        labels.instance as greatest_instance,
        raw.insert_id
    from placed_entries as raw
    left join numbered_labels as labels on raw.label_set_id = labels.label_set_id
    left join first_pieces as first_piece
        on epoch_ns(raw.entry_at) = first_piece.entry_ns and raw.entry_key = first_piece.entry_key
    union all
    select
        counted.source_id,
        counted.pattern_id,
        counted.severity,
        counted.level,
        null as level_source,
        counted.minute_ns // 60_000_000_000 as minute,
        counted.entry_count,
        counted.entry_count as event_count,
        counted.first_at,
        counted.last_at,
        smallest.number as smallest_instance,
        greatest.number as greatest_instance,
        counted.smallest_insert_id as insert_id
    from placed_counts as counted
    left join instances as smallest on counted.smallest_instance_id = smallest.instance_id
    left join instances as greatest on counted.greatest_instance_id = greatest.instance_id
),

minutes as (
    select
        source.place,
        pattern.number as pattern,
        one.severity,
        one.level,
        effective_severity(one.severity, one.level, one.level_source, source.log_id) as effective_severity,
        one.minute,
        sum(one.entry_count)::bigint as entry_count,
        sum(one.event_count)::bigint as event_count,
        min(one.first_at) as first_at,
        max(one.last_at) as last_at,
        min(coalesce(source.instance, one.smallest_instance)) as smallest_instance,
        max(coalesce(source.instance, one.greatest_instance)) as greatest_instance,
        min(one.insert_id) as sample_insert_id
    from occurrences as one
    inner join numbered_sources as source on one.source_id = source.source_id
    inner join numbered_patterns as pattern on coalesce(one.pattern_id, 'no payload') = pattern.pattern_id
    group by all
)

select
    places.service,
    places.revision,
    pattern.pattern_id,
    minutes.severity,
    minutes.level,
    minutes.effective_severity,
    make_timestamp_ns(minutes.minute * 60_000_000_000) as minute,
    minutes.entry_count,
    minutes.event_count,
    minutes.first_at,
    minutes.last_at,
    smallest.instance_id as smallest_instance_id,
    greatest.instance_id as greatest_instance_id,
    minutes.sample_insert_id
from minutes
inner join places on minutes.place = places.number
inner join numbered_patterns as pattern on minutes.pattern = pattern.number
left join instances as smallest on minutes.smallest_instance = smallest.number
left join instances as greatest on minutes.greatest_instance = greatest.number
