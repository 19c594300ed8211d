-- Every scalar of the payloads of the clusters' lead entries, by its path; what loggers add to each entry is left out.
-- Grain: window, entry, path, value.
-- grain: none (a list may hold one value several times)
select
    entry.window_id,
    entry.lead_id,
    entry.entry_at,
    entry.entry_key,
    entry.insert_id,
    regexp_replace(regexp_replace(leaf.fullkey, '^\$\.', ''), '\[\d+\]', '[]', 'g') as path,
    try_cast(regexp_extract(leaf.fullkey, '\[(\d+)\]$', 1) as int) as list_index,
    leaf.atom ->> '$' as value
from cluster_entries as entry,
    json_tree(entry.payload) as leaf
where entry.is_lead
    and entry.kind <> 'audit'
    and leaf.atom is not null
    and leaf.type <> 'NULL'
    and leaf.fullkey <> '$'
    and not regexp_matches(
        leaf.fullkey,
        '^\$\."?(@type|@?timestamp|message|msg|time|ts|severity|level|levelname|textPayload|logger|name|service|'
        || 'labels\.(function|line|module)|context\.(name|service|logger|exception)|validation|'
        || '(error|err|exception|thrown)\.(message|type|name|stack|stack_trace|stackTrace|stacktrace|'
        || 'extendedStackTrace)|'
        || 'exception|exc_info|stack|stack_trace|stackTrace|stacktrace|traceback|@[xt]|@mt)"?($|\.|\[)'
    )
