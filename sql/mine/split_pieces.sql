-- Pieces of entries that were too long for Cloud Logging, which splits them (LogEntry's `split`).
-- Grain: piece, in the order in which pieces of one entry are joined.
-- grain: entry_ns, entry_key
select
    source.project,
    coalesce(raw.extra ->> '$.split.uid', '') as uid,
    coalesce(try_cast(raw.extra ->> '$.split.index' as uinteger), 0) as index,
    coalesce(
        try_cast(raw.extra ->> '$.split.totalSplits' as uinteger),
        try_cast(raw.extra ->> '$.split.total_splits' as uinteger),
        0
    )
        as total,
    epoch_ns(raw.entry_at) as entry_ns,
    raw.entry_key,
    raw.message,
    not is_graded(raw.severity, source.log_id, source.resource_type, coalesce(raw.payload, '"') like '"%')
    and coalesce(raw.level_source, 'wording') = 'wording' as is_ungraded,
    raw.source_id
from raw_entries as raw
inner join sources as source on raw.source_id = source.source_id
where raw.extra like '%"split"%'
    and raw.extra ->> '$.split.uid' <> ''
    and raw.message is not null
order by source.project, uid, index, entry_ns, raw.entry_key
