-- Entries that came within seconds of a piece of a trace or of a text of several lines, in the same stream: what
-- belongs to it is among them; of a trace that is whole, those before it. `effective_severity` is what each counts for
-- by itself. A message that begins with a blank is a line below a head, as it may be.
-- Grain: log entry, stream by stream in the order of time. Parameters: the time that is looked at.
-- grain: entry_ns, entry_key
with

streams as (
    select
        raw.source_id,
        coalesce(labels.instance_id, '') as instance_id,
        raw.insert_id,
        raw.line,
        raw.entry_key,
        epoch_ns(raw.entry_at) as entry_ns,
        entry_ns // 1_000_000_000 as second,
        raw.message,
        -- an exception's may be its trace's
        case when raw.kind = 'message' then raw.call_site_id end as call_site_id,
        effective_severity(raw.severity, raw.level, raw.level_source, source.log_id)::varchar as effective_severity,
        raw.level_source,
        is_graded(raw.severity, source.log_id, source.resource_type, coalesce(raw.payload, '"') like '"%')
            as is_graded,
        raw.kind = 'exception' as is_whole,
        piece.shape_id is not null
        or (raw.kind = 'message' and raw.message < '!' and raw.message >= chr(9)) as is_piece
    from raw_entries as raw
    inner join sources as source on raw.source_id = source.source_id
    left join label_sets as labels on raw.label_set_id = labels.label_set_id
    left join (select distinct shape_id from piece_shapes) as piece on raw.shape_id = piece.shape_id
    where raw.entry_at between make_timestamp_ns($from_ns) and make_timestamp_ns($to_ns)
        and raw.message is not null
        and raw.kind in ('message', 'exception')
        and coalesce(raw.extra, '') not like '%"split"%'
),

seconds as (
    select distinct
        source_id,
        instance_id,
        second + unnest(case when is_whole then [-1, 0] else [-2, -1, 0, 1, 2] end) as second
    from streams
    where is_piece
)

select
    streams.source_id,
    streams.instance_id,
    streams.entry_ns,
    streams.entry_key,
    streams.message,
    streams.effective_severity,
    streams.level_source,
    streams.is_graded,
    streams.call_site_id
from streams
inner join seconds
    on streams.source_id = seconds.source_id
    and streams.instance_id = seconds.instance_id
    and streams.second = seconds.second
order by streams.source_id, streams.instance_id, streams.entry_ns, streams.insert_id, streams.line,
    streams.entry_key
