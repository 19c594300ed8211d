-- Values at variable positions, as each minute holds them: at most 51 a position, for one with more than 50 tells
-- nothing by its values.
-- Grain: service, pattern, position, value, revision, minute; of messages of NOTICE and above.
-- grain: service, pattern_id, position, value, revision, minute_ns
-- minute: minute_ns
with

texts as (
    select
        entry.service_key as service,
        entry.pattern_id,
        entry.revision,
        epoch_ns(entry.entry_at) // 60_000_000_000 * 60_000_000_000 as minute_ns,
        entry.message,
        count(*) as entry_count,
        min(epoch_ns(entry.entry_at)) as first_ns
    from entries as entry
    where entry.kind = 'message'
        and entry.effective_severity >= 'NOTICE'::severity_name
        and entry.pattern_id is not null
        and entry.revision <> ''
        and entry.message is not null
    group by all
),

found as (
    select
        texts.*,
        unnest(from_json(
            template_values(pattern.template, texts.message),
            '[{"position": "INTEGER", "name": "VARCHAR", "value": "VARCHAR"}]'
        )) as variable
    from texts
    inner join patterns as pattern on texts.pattern_id = pattern.pattern_id
),

held as (
    select
        service,
        pattern_id,
        variable.position as position,
        variable.value as value,
        revision,
        minute_ns,
        any_value(variable.name order by variable.name) as name,
        sum(entry_count)::bigint as entry_count,
        min(first_ns) as first_ns
    from found
    where variable.value <> ''
    group by service, pattern_id, variable.position, variable.value, revision, minute_ns
)

select *
from held
qualify dense_rank() over (partition by service, pattern_id, position, minute_ns order by value asc) <= 51
