-- Numbers that messages and payloads of a window say again and again, in windows with a cluster of P0 to P2: at the
-- variable positions of templates, and in fields of payloads.
-- Grain: window, pattern, field, place: the series' values in the order of time, from 1. Of a pattern's entries at most
-- 800 are looked at, spread evenly. `field` is `at` with the position, or the path in the payload. Left out are times,
-- numbers without a change, and what hardly ever falls on an instance (counters, ids), unless it is a share or percent.
-- grain: window_id, pattern_id, field, place
with

chosen as (
    select
        asked.window_id,
        entry.pattern_id,
        entry.entry_at,
        entry.entry_key,
        coalesce(nullif(source.instance_id, ''), nullif(labels.instance_id, ''), '') as instance_id,
        row_number() over in_time as entry_number,
        count(*) over (partition by asked.window_id, entry.pattern_id) as entry_count
    from placed_entries as entry
    inner join identified_sources as source on entry.source_id = source.source_id
    inner join windows as asked
        on is_in_window(asked, source.service, source.revision, epoch_ns(entry.entry_at))
    semi join (
        select window_id
        from clusters
        where priority <= 'P2'
            and not is_expected
    ) as troubled on asked.window_id = troubled.window_id
    left join label_sets as labels on entry.label_set_id = labels.label_set_id
    where entry.kind = 'message'
        and entry.event_id is null
        and entry.entry_at >= make_timestamp_ns($from_ns)
        and entry.entry_at < make_timestamp_ns($to_ns)
    window in_time as (partition by asked.window_id, entry.pattern_id order by entry.entry_at, entry.entry_key)
    qualify entry_count >= 10
        and entry_number % greatest(entry_count // 400, 1) = 0
),

entries_of as (
    select
        chosen.* exclude (entry_number, entry_count),
        raw.message,
        raw.payload
    from chosen
    inner join raw_entries as raw
        on chosen.entry_at = raw.entry_at and chosen.entry_key = raw.entry_key
    where raw.entry_at >= make_timestamp_ns($from_ns)
        and raw.entry_at < make_timestamp_ns($to_ns)
),

variables as (
    select
        window_id,
        pattern_id,
        'at ' || variable.position as field,
        entry_at,
        entry_key,
        instance_id,
        variable.value as value,
        starts_with(string_split(template, '<*>')[variable.position + 2], '%')
        or starts_with(string_split(template, '<*>')[variable.position + 2], ' %')
        or ends_with(variable.value, '%') as is_percent
    from (
        select
            entry.*,
            pattern.template,
            unnest(from_json(
                template_values(pattern.template, entry.message),
                '[{"position": "INTEGER", "kind": "VARCHAR", "value": "VARCHAR"}]'
            )) as variable
        from entries_of as entry
        inner join patterns as pattern
            on entry.pattern_id = pattern.pattern_id and contains(pattern.template, '<*>')
    ) as found
    where variable.kind in ('number', 'text')
),

leaves as (
    select
        entry.window_id,
        entry.pattern_id,
        regexp_replace(leaf.fullkey, '^\$\.', '') as field,
        entry.entry_at,
        entry.entry_key,
        entry.instance_id,
        leaf.atom ->> '$' as value,
        regexp_matches(leaf.fullkey, '(?i)percent|pct|ratio|rate') as is_percent
    from entries_of as entry,
        json_tree(entry.payload) as leaf
    where leaf.type in ('BIGINT', 'UBIGINT', 'DOUBLE')
        and not contains(leaf.fullkey, '[')
        and not regexp_matches(lower(leaf.fullkey), '(time|stamp|_at|epoch|date|line|lineno|pid|port|id)"?$')
),

numbers as (
    select
        *,
        -- at the beginning, where several words stand at one position
        try_cast(regexp_extract(value, '^[+$#]?(-?\d+(\.\d+)?)(%|$|[,;]? )', 1) as double) as number
    from (
        select *
        from variables
        union all
        select *
        from leaves
    ) as said
    where number is not null
        and abs(number) < 1e9
),

told as (
    select
        *,
        number - lag(number) over on_instance as step
    from numbers
    window on_instance as (
        partition by window_id, pattern_id, field, instance_id order by entry_at, entry_key
    )
),

kept as (
    select
        window_id,
        pattern_id,
        field
    from told
    group by window_id, pattern_id, field
    having count(*) >= 10
        and min(number) < max(number)
        and (
            bool_or(is_percent)
            or bool_or(number <> round(number)) and max(abs(number)) <= 1
            or 10 * count(*) filter (step < 0) > count(*) filter (step <> 0)
        )
)

select
    told.window_id,
    told.pattern_id,
    told.field,
    row_number() over (
        partition by told.window_id, told.pattern_id, told.field order by told.entry_at, told.entry_key
    ) as place,
    epoch_ns(told.entry_at) as entry_ns,
    told.number
from told
inner join kept using (window_id, pattern_id, field)
