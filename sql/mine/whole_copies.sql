-- Entries that repeat as a whole, within a second, what an event has in several entries, as Error Reporting does: the
-- same trace or text on the same service. An event takes one copy, the nearest, and a copy is of one event.
-- Grain: copy. Parameters: the time that is looked at.
-- grain: entry_ns, entry_key
with

events as (
    select
        event.event_id,
        event.shape_id,
        event.kind,
        event.level,
        trim(event.lines) as lines,
        piece.first_ns,
        piece.last_ns,
        source.service,
        source.project,
        source.location
    from trace_events as event
    inner join (
        select
            event_id,
            min(entry_ns) as first_ns,
            max(entry_ns) as last_ns,
            arg_min(source_id, entry_ns) as source_id
        from trace_pieces
        where event_id in (select event_id from trace_pieces where entry_ns between $from_ns and $to_ns)
        group by event_id
    ) as piece on event.event_id = piece.event_id
    inner join sources as source on piece.source_id = source.source_id
    where event.lines is not null
),

wholes as (
    select
        raw.entry_key,
        raw.shape_id,
        raw.kind,
        epoch_ns(raw.entry_at) as entry_ns,
        case when raw.kind = 'message' then trim(raw.message) end as lines,
        effective_severity(raw.severity, raw.level, raw.level_source, source.log_id) as effective_severity,
        source.service,
        source.project,
        source.location
    from raw_entries as raw
    inner join sources as source on raw.source_id = source.source_id
    anti join trace_pieces as piece
        on epoch_ns(raw.entry_at) = piece.entry_ns and raw.entry_key = piece.entry_key
    where raw.entry_at between make_timestamp_ns($from_ns) and make_timestamp_ns($to_ns)
        and (raw.kind = 'exception' or (raw.kind = 'message' and contains(raw.message, chr(10))))
        and coalesce(raw.extra, '') not like '%"split"%'
),

-- two joins by equal values, where one of either would compare all with all
pairs as (
    select whole.entry_ns, whole.entry_key, event.event_id
    from wholes as whole
    inner join events as event
        on whole.service = event.service
        and whole.project = event.project
        and whole.shape_id = event.shape_id
    where whole.kind = 'exception'
    union
    select whole.entry_ns, whole.entry_key, event.event_id
    from wholes as whole
    inner join events as event
        on whole.service = event.service
        and whole.project = event.project
        and whole.lines = event.lines
),

near as (
    select
        whole.entry_ns,
        whole.entry_key,
        whole.effective_severity,
        event.event_id,
        event.shape_id,
        event.kind,
        event.level,
        greatest(event.first_ns - whole.entry_ns, whole.entry_ns - event.last_ns, 0) as apart_ns
    from pairs
    inner join wholes as whole on pairs.entry_ns = whole.entry_ns and pairs.entry_key = whole.entry_key
    inner join events as event on pairs.event_id = event.event_id
    where whole.entry_ns between event.first_ns - 1_000_000_000 and event.last_ns + 1_000_000_000
    qualify row_number() over (
        partition by whole.entry_ns, whole.entry_key order by apart_ns, event.first_ns, event.event_id
    ) = 1
)

select
    entry_ns,
    entry_key,
    event_id,
    shape_id,
    kind,
    case when level::severity_name > effective_severity then level end as level
from near
qualify row_number() over (partition by event_id order by apart_ns, entry_ns, entry_key) = 1
