-- One pattern. Grain: pattern. Parameter: pattern_id.
-- grain: pattern_id
select
    pattern.pattern_id,
    pattern.template,
    pattern.kind,
    pattern.entry_count,
    epoch_ns(pattern.first_at) as first_ns,
    epoch_ns(pattern.last_at) as last_ns,
    pattern.rule_id,
    (
        select list(old_id order by old_id)
        from pattern_aliases
        where pattern_aliases.pattern_id = pattern.pattern_id
    ) as old_ids,
    (
        select count(*)
        from trace_pieces
        inner join shapes on trace_pieces.shape_id = shapes.shape_id
        where shapes.pattern_id = pattern.pattern_id
    ) as piece_count,
    (
        select count(distinct event_id)
        from trace_pieces
        inner join shapes on trace_pieces.shape_id = shapes.shape_id
        where shapes.pattern_id = pattern.pattern_id
    ) as event_count
from patterns as pattern
where pattern.pattern_id = $pattern_id
