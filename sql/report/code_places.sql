-- Where in the code a cluster is written: the frames of its traces, the innermost first, and call sites; those of its
-- first pattern come first. Grain: window, cluster, place. `frame` is the number of a trace's frame, NULL for a call
-- site.
-- grain: window_id, lead_id, place
with

written as (
    select
        member.window_id,
        member.lead_id,
        member.pattern_id,
        member.is_lead,
        pattern.entry_count,
        pattern.first_ns,
        pattern.call_module,
        pattern.call_function,
        pattern.call_lines,
        if(
            pattern.kind = 'exception',
            from_json(
                trace_frames(text.message), '[{"file": "VARCHAR", "function": "VARCHAR", "line": "BIGINT"}]'
            ),
            null
        ) as frames
    from cluster_patterns as member
    inner join window_patterns as pattern using (window_id, pattern_id)
    inner join window_texts as text using (window_id, pattern_id)
),

framed as (
    select
        * exclude (frames, call_module, call_function, call_lines),
        unnest(frames) as told,
        generate_subscripts(frames, 1) as frame
    from written
),

places as (
    select
        * exclude (told),
        told.file as file,
        told.function as function,
        told.line as line
    from framed
    union all by name
    select
        * exclude (frames, call_module, call_function, call_lines),
        call_module as file,
        call_function as function,
        call_lines[1] as line
    from written
    where call_module <> ''
        and coalesce(len(frames), 0) = 0
)

select
    window_id,
    lead_id,
    row_number() over (
        partition by window_id, lead_id
        order by not is_lead asc, entry_count desc, first_ns asc, pattern_id asc, frame asc
    ) as place,
    file,
    nullif(function, '') as function,
    line,
    frame,
    not is_lead as is_related
from places
qualify place <= 16
order by window_id, lead_id, place
