-- The first entry of a pattern in each service.
-- Grain: service, pattern.
-- param pattern: the id of a pattern, or the start of one
select
    service,
    pattern_id,
    entry_at,
    effective_severity as severity,
    revision,
    instance_id,
    insert_id,
    trace,
    message,
    file,
    line
from entries
where starts_with(pattern_id, $pattern)
    or pattern_id in (select pattern_id from pattern_aliases where starts_with(old_id, $pattern))
qualify row_number() over (partition by service, pattern_id order by entry_at, file, line) = 1
order by entry_at, service, pattern_id
