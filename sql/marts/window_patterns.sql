-- Patterns of a window in the order in which they may lead a cluster: failures first, among them what the program wrote
-- right before instances end, then those that others repeat, then what a rule or the severity puts first.
-- Grain: window, pattern.
-- grain: window_id, pattern_id
with

counted as (
    select
        window_id,
        service,
        pattern_id,
        count(*) as entry_count,
        max(effective_severity) as effective_severity,
        max(severity) as severity,
        min(entry_ns) as first_ns,
        max(entry_ns) as last_ns
    from window_entries
    group by all
)

select
    counted.*,
    trait.* exclude (
        service, pattern_id, entry_count, effective_severity, first_ns, last_ns,
        instance_count, instance_entry_count, trace_count
    ),
    fatal.fatal_count,
    cause.lead_id is not null as is_cause,
    row_number() over (
        partition by counted.window_id
        order by
            trait.is_failure and not trait.is_request desc,
            is_cause desc,
            trait.told_count desc,
            trait.rule_priority asc nulls last,
            trait.effective_severity desc,
            trait.entry_count desc,
            trait.first_ns asc,
            counted.pattern_id asc
    ) as place
from counted
inner join pattern_traits as trait
    on counted.service = trait.service and counted.pattern_id = trait.pattern_id
left join (select distinct service, lead_id from links_by_instance_end) as cause
    on counted.service = cause.service and counted.pattern_id = cause.lead_id
left join fatal_patterns as fatal
    on counted.service = fatal.service and counted.pattern_id = fatal.pattern_id
