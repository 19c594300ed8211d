-- Written by one function: branches of one check, or a failure and what was done about it. Exceptions are not: a
-- handler writes all of them. Nor is what a function writes that words more than 30 patterns: others hand it what it
-- writes.
-- Grain: service, lead, member.
-- grain: service, lead_id, member_id
with

written as (
    select *
    from pattern_traits
    where call_function <> ''
        and effective_severity >= 'WARNING'::severity_name
        and not is_request
    qualify count(*) over (partition by service, call_module, call_function) <= 30
)

select
    lead.service,
    lead.pattern_id as lead_id,
    member.pattern_id as member_id,
    member.entry_count as member_count
from written as lead
inner join written as member
    on lead.service = member.service
    and lead.pattern_id <> member.pattern_id
    and lead.call_module = member.call_module
    and lead.call_function = member.call_function
where lead.expected = member.expected
    and (lead.kind = 'exception' and member.kind = 'exception') is not true
