-- What a service said three times or less in the whole archive, at any severity: what changes something is said so
-- rarely. Requests, failures and what an instance writes in its first minute are left out.
-- Grain: log entry, identified by its time and key.
-- grain: service, entry_ns, entry_key
with

rare as (
    select service, pattern_id
    from pattern_minutes
    group by all
    having sum(entry_count) <= 3
        and max(effective_severity) < 'ERROR'::severity_name
        -- a pattern of every shape that is not kept apart says nothing
        and pattern_id in (select pattern_id from patterns where kind in ('message', 'audit') and template <> '<*>')
)

select
    entry.service_key as service,
    entry.pattern_id,
    epoch_ns(entry.entry_at) as entry_ns,
    entry.entry_key,
    entry.instance_id,
    entry.effective_severity,
    entry.message
from entries as entry
semi join rare on entry.service_key = rare.service and entry.pattern_id = rare.pattern_id
left join starts as start on entry.service_key = start.service and entry.instance_id = start.instance_id
where entry.message is not null
    and (start.first_line_at is null or epoch_ns(entry.entry_at) - epoch_ns(start.first_line_at) > 60_000_000_000)
