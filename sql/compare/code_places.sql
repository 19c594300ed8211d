-- Where in the code patterns are written that the target has: the frames of a trace, the innermost first, else the call
-- site. Grain: pair, pattern, place. `frame` is the number of a trace's frame, NULL for a call site. Parameter: pairs
-- (JSON).
-- grain: pair_id, pattern_id, place
with

pair as (
    select unnest(pairs_of($pairs), recursive := true)
),

said as (
    select
        pair.pair_id,
        entry.pattern_id,
        any_value(entry.kind) as kind,
        arg_min(entry.message, (entry.entry_at, entry.entry_key)) as message
    from pair
    inner join entries as entry
        on pair.service = entry.service_key
        and entry.severity_number >= 300
        and entry.entry_at >= make_timestamp_ns(pair.target_from_ns)
        and entry.entry_at < make_timestamp_ns(pair.target_to_ns)
        and (pair.target_revision is null or entry.revision = pair.target_revision)
    where entry.pattern_id is not null
    group by all
),

written as (
    select
        said.pair_id,
        said.pattern_id,
        trait.call_module,
        trait.call_function,
        trait.call_lines,
        if(
            said.kind = 'exception',
            from_json(
                trace_frames(said.message), '[{"file": "VARCHAR", "function": "VARCHAR", "line": "BIGINT"}]'
            ),
            null
        ) as frames
    from said
    inner join pair on said.pair_id = pair.pair_id
    left join pattern_traits as trait
        on pair.service = trait.service
        and said.pattern_id = trait.pattern_id
),

framed as (
    select
        pair_id,
        pattern_id,
        unnest(frames) as told,
        generate_subscripts(frames, 1) as frame
    from written
),

places as (
    select
        pair_id,
        pattern_id,
        told.file as file,
        told.function as function,
        told.line as line,
        frame
    from framed
    union all by name
    select
        pair_id,
        pattern_id,
        call_module as file,
        call_function as function,
        call_lines[1] as line
    from written
    where call_module <> ''
        and coalesce(len(frames), 0) = 0
)

select
    pair_id,
    pattern_id,
    coalesce(frame, 1) as place,
    file,
    nullif(function, '') as function,
    line,
    frame
from places
where coalesce(frame, 1) <= 16
order by pair_id, pattern_id, place
