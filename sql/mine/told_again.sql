-- Events of several entries that were told again as a whole within a second, as Error Reporting does: the same trace or
-- text on the same service. An event takes one copy, the nearest, and a copy is of one event.
-- Grain: copy.
-- grain: entry_ns, entry_key
with

events as (
    select
        event.event_id,
        event.shape_id,
        event.kind,
        event.level,
        trim(event.told) as told,
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
        group by event_id
    ) as piece on event.event_id = piece.event_id
    inner join sources as source on piece.source_id = source.source_id
),

wholes as (
    select
        raw.entry_key,
        raw.shape_id,
        raw.kind,
        epoch_ns(raw.entry_at) as entry_ns,
        case when raw.kind = 'message' then trim(raw.message) end as told,
        effective_severity(raw.severity, raw.level, raw.level_source, source.log_id) as effective_severity,
        source.service,
        source.project,
        source.location
    from raw_entries as raw
    inner join sources as source on raw.source_id = source.source_id
    anti join trace_pieces as piece
        on epoch_ns(raw.entry_at) = piece.entry_ns and raw.entry_key = piece.entry_key
    where raw.kind = 'exception'
        or (raw.kind = 'message' and contains(raw.message, chr(10)))
),

pairs as (
    select
        whole.*,
        event.event_id,
        event.first_ns,
        event.last_ns,
        event.level as event_level,
        event.shape_id as event_shape_id,
        event.kind as event_kind
    from wholes as whole
    inner join events as event
        on whole.service = event.service
        and whole.project = event.project
        and whole.shape_id = event.shape_id
        and whole.kind = 'exception'
    union all
    select
        whole.*,
        event.event_id,
        event.first_ns,
        event.last_ns,
        event.level as event_level,
        event.shape_id as event_shape_id,
        event.kind as event_kind
    from wholes as whole
    inner join events as event
        on whole.service = event.service
        and whole.project = event.project
        and whole.told = event.told
),

near as (
    select
        *,
        greatest(first_ns - entry_ns, entry_ns - last_ns, 0) as apart_ns
    from pairs
    where entry_ns between first_ns - 1_000_000_000 and last_ns + 1_000_000_000
    qualify row_number() over (partition by entry_ns, entry_key order by apart_ns, first_ns, event_id) = 1
)

select
    entry_ns,
    entry_key,
    event_id,
    event_shape_id,
    event_kind,
    case when event_level::severity_name > effective_severity then event_level end as level
from near
qualify row_number() over (partition by event_id order by apart_ns, entry_ns, entry_key) = 1
