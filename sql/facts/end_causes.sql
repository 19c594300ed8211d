-- What the program itself wrote of a failure right before an end: failing lines of the last minute, those within 2 s
-- of the last one. `place` orders them: what most others repeat first, then exceptions, then by time.
-- Grain: end, pattern.
-- grain: service, instance_id, end_number, pattern_id
with

failures as (
    select
        final.service,
        final.instance_id,
        final.end_number,
        entry.pattern_id,
        entry.entry_ns,
        trait.kind,
        trait.told_count,
        max(entry.entry_ns) over (
            partition by final.service, final.instance_id, final.end_number
        ) as last_ns
    from instance_ends as final
    inner join ranked_entries as entry
        on final.service = entry.service
        and final.instance_id = entry.instance_id
        and entry.entry_ns between final.first_ns - 60_000_000_000 and final.last_ns
        and (final.before_ns is null or entry.entry_ns > final.before_ns)
    inner join pattern_traits as trait
        on entry.service = trait.service and entry.pattern_id = trait.pattern_id
    where trait.is_failure
        and trait.kind in ('message', 'exception')
        and trait.ends_instance is distinct from true
        and trait.is_startup_failure is distinct from true
        -- the platform's own words
        and not entry.log_id like '%varlog/system'
)

select
    service,
    instance_id,
    end_number,
    pattern_id,
    min(entry_ns) as entry_ns,
    row_number() over (
        partition by service, instance_id, end_number
        order by max(told_count) desc, bool_or(kind = 'exception') desc, min(entry_ns) asc, pattern_id asc
    ) as place
from failures
where entry_ns >= last_ns - 2_000_000_000
group by service, instance_id, end_number, pattern_id
