-- Written once by every start: their number follows the number of starts, not of failures.
-- Grain: service, lead, member.
-- grain: service, lead_id, member_id
with

once_a_start as (
    select service, pattern_id, entry_count
    from pattern_traits
    where kind = 'message'
        and effective_severity between 'NOTICE'::severity_name and 'WARNING'::severity_name
        and not is_failure
        and not expected
        and entry_count = instance_count
        and instance_entry_count = entry_count
        and instance_count >= 3
        and (service, pattern_id) not in (select (service, pattern_id) from failure_sites)
)

select
    lead.service,
    lead.pattern_id as lead_id,
    member.pattern_id as member_id,
    member.entry_count as member_count
from once_a_start as lead
inner join once_a_start as member
    on lead.service = member.service and lead.pattern_id <> member.pattern_id
