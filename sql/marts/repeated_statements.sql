-- Work done again and again, and questions that are never answered: statements about one thing, which an identifier in
-- them names.
-- Grain: window, pattern, statement. `is_waiting`: what is asked for is not there yet, ten times over a minute or more,
-- and no later message says anything else of it. Otherwise the statement is made so much more often than the others of
-- its pattern, nine of ten of which are made equally often, that chance hardly explains it. At most two others of the
-- pattern come near. `unanswered_count` counts statements of the pattern that wait in vain, of the ten most frequent.
-- grain: window_id, pattern_id, statement_hash
with

worded as (
    select
        said.*,
        pattern.template,
        entry.message,
        statement(entry.message) as statement,
        -- not running or in progress: that may take its time
        said.entry_count >= 10
        and said.last_ns - said.first_ns >= 60_000_000_000
        and regexp_matches(
            statement,
            '(?i)\b(state|status|phase|stage)\b\W{0,4}(is |still )?\W?'
            || '(queued|pending|waiting|scheduled|submitted|blocked|not[ _-]?(yet[ _-]?)?(ready|started|available))\b'
            || '|\bstill (queued|pending|waiting|blocked|not )'
            || '|\bnot (yet )?(ready|available|finished|done|completed?)\b'
        ) as is_waiting,
        said.kinds >= 6
        and 10 * (said.usual_kinds + 1) >= 9 * said.kinds
        and said.entry_count >= 5 * said.usual_count
        and is_significant(said.p) as is_unusual
    from said_again as said
    inner join patterns as pattern on said.pattern_id = pattern.pattern_id
    inner join raw_entries as entry
        on make_timestamp_ns(said.first_ns) = entry.entry_at and said.first_key = entry.entry_key
    where (said.entry_count >= 10 or said.near_kinds <= 3 and is_significant(said.p))
        and entry.entry_at >= make_timestamp_ns($from_ns)
        and entry.entry_at < make_timestamp_ns($to_ns)
),

valued as (
    select
        *,
        unnest(from_json(
            template_values(template, message),
            '[{"position": "INTEGER", "name": "VARCHAR", "kind": "VARCHAR", "value": "VARCHAR"}]'
        )) as variable
    from worded
    where is_waiting
        or is_unusual and near_kinds <= 3
),

-- a value that names one thing: no count, size, time, person or address
named as (
    select
        * exclude (variable, message),
        variable.value as identifier,
        string_split(template, '<*>')[variable.position + 2] as behind
    from valued
    where len(variable.value) >= 3
        and (
            variable.kind in ('uuid', 'hex', 'id')
            or variable.kind = 'number' and regexp_full_match(variable.value, '#?\d{4,}')
        )
        and not regexp_matches(
            behind,
            '^ ?(%|([µmn]?s|sec|seconds|min|minutes|h|hours|[kKMGT]?i?[bB](ytes)?|rows|items|records|entries)\b)'
        )
        and not coalesce(contains(instance_id, variable.value), false)
    qualify row_number() over (
        partition by window_id, pattern_id, statement_hash order by len(variable.value) desc, variable.position asc
    ) = 1
),

foremost as (
    from named
    qualify row_number() over (
        partition by window_id, is_waiting order by entry_count desc, pattern_id asc, statement_hash asc
    ) <= 10
),

-- who else speaks of it
mentions as (
    select
        said.window_id,
        said.pattern_id,
        said.statement_hash,
        count(*) filter (
            epoch_ns(entry.entry_at) > said.last_ns
            and statement(entry.message) <> said.statement
        ) as later_count,
        count(distinct hash(statement(entry.message))) filter (entry.pattern_id = said.pattern_id) as own_kinds
    from foremost as said
    inner join windows as asked
        on said.window_id = asked.window_id
    inner join placed_entries as entry
        on contains(entry.message, said.identifier)
    inner join identified_sources as source
        on entry.source_id = source.source_id
        and is_in_window(asked, source.service, source.revision, epoch_ns(entry.entry_at))
    where entry.kind in ('message', 'exception')
        and entry.entry_at >= make_timestamp_ns($from_ns)
        and entry.entry_at < make_timestamp_ns($to_ns)
    group by all
),

judged as (
    select
        said.*,
        mentions.later_count = 0 as is_unanswered,
        count(*) over of_pattern as asked_count,
        count(*) filter (mentions.later_count = 0) over of_pattern as unanswered_count
    from foremost as said
    inner join mentions using (window_id, pattern_id, statement_hash)
    -- what all statements name is no thing of its own
    where 10 * mentions.own_kinds <= greatest(10, said.kinds)
        or said.is_waiting
    window of_pattern as (partition by said.window_id, said.pattern_id, said.is_waiting)
)

select
    window_id,
    pattern_id,
    statement_hash,
    is_waiting and is_unanswered as is_waiting,
    statement,
    identifier,
    template,
    entry_count,
    first_ns,
    last_ns,
    last_ns - first_ns as span_ns,
    instance_count,
    kinds - 1 as other_kinds,
    usual_count,
    unanswered_count,
    p
from judged
where is_waiting and is_unanswered and (near_kinds <= 3 or 10 * unanswered_count >= 9 * asked_count)
    or is_unusual and near_kinds <= 3
qualify row_number() over (
    partition by window_id, pattern_id, is_waiting order by entry_count desc, statement_hash asc
) <= if(is_waiting, 1, 3)
