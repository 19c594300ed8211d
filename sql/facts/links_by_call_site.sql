-- Written by one function: branches of one check, or a failure and what was done about it. Exceptions are not: a
-- handler
-- writes all of them.
-- Grain: service, lead, member.
-- grain: service, lead_id, member_id
select
    lead.service,
    lead.pattern_id as lead_id,
    member.pattern_id as member_id,
    member.entry_count as member_count
from pattern_traits as lead
inner join pattern_traits as member
    on lead.service = member.service
    and lead.pattern_id <> member.pattern_id
    and lead.call_module = member.call_module
    and lead.call_function = member.call_function
where lead.call_function <> ''
    and lead.effective_severity >= 'WARNING'::severity_name
    and member.effective_severity >= 'WARNING'::severity_name
    and not lead.is_request
    and not member.is_request
    and lead.expected = member.expected
    and (lead.kind = 'exception' and member.kind = 'exception') is not true
