-- Values that no earlier revision had at a variable position, where it would have shown them: at the share they have
-- now, three or more were to be expected (the rule of three), and the position holds few values, again and again.
-- Grain: cluster, pattern, position, value.
with

texts as (
    select
        member.lead_id,
        entry.pattern_id,
        entry.revision,
        entry.message,
        count(*) as entry_count,
        epoch_ns(min(entry.entry_at)) as first_ns
    from entries as entry
    inner join cluster_patterns as member on entry.pattern_id = member.pattern_id
    where entry.service = $service
        and entry.kind = 'message'
        and entry.revision <> ''
        and epoch_ns(entry.entry_at) < $to_ns
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
    inner join window_patterns as pattern on texts.pattern_id = pattern.pattern_id
),

held as (
    select
        lead_id,
        pattern_id,
        variable.position as position,
        any_value(variable.name order by variable.name) as name,
        variable.value as value,
        revision,
        sum(entry_count)::bigint as entry_count,
        min(first_ns) as first_ns
    from found
    where variable.value <> ''
    group by lead_id, pattern_id, variable.position, variable.value, revision
),

-- of each position the entries of each revision, and how many values there are
totals as (
    select
        lead_id,
        pattern_id,
        position,
        revision,
        sum(entry_count)::bigint as revision_count,
        min(first_ns) as revision_first_ns
    from held
    group by all
),

positions as (
    select
        lead_id,
        pattern_id,
        position,
        count(distinct value) as value_kinds,
        sum(entry_count) as entry_count
    from held
    group by all
),

first_held as (
    select
        lead_id,
        pattern_id,
        position,
        value,
        any_value(name order by name) as name,
        arg_min(revision, (first_ns, revision)) as revision,
        list(revision) as revisions,
        arg_min(entry_count, (first_ns, revision)) as entry_count,
        min(first_ns) as first_ns
    from held
    group by lead_id, pattern_id, position, value
)

select
    value.* exclude (revisions),
    own.revision_count,
    sum(earlier.revision_count)::bigint as earlier_count,
    count(*) as earlier_revisions
from first_held as value
inner join positions using (lead_id, pattern_id, position)
inner join totals as own using (lead_id, pattern_id, position, revision)
inner join totals as earlier
    on value.lead_id = earlier.lead_id
    and value.pattern_id = earlier.pattern_id
    and value.position = earlier.position
    and earlier.revision_first_ns < own.revision_first_ns
where value.first_ns >= $from_ns
    and positions.value_kinds <= 50
    and positions.entry_count >= 3 * positions.value_kinds
group by all
having earlier_count * value.entry_count >= 3 * own.revision_count
    -- a revision that began earlier may have taken the value up since
    and not bool_or(list_contains(value.revisions, earlier.revision))
