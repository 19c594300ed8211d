-- One exception reported several times: a message that contains the text of the lead.
-- Grain: service, lead, member. Texts of 20 to 400 characters; shorter ones say too little.
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
    and len(coalesce(nullif(lead.exception_message, ''), trim(lead.sample_message))) between 20 and 400
    and contains(
        member.sample_message,
        coalesce(nullif(lead.exception_message, ''), trim(lead.sample_message))
    )
where lead.is_failure
    and member.is_failure
    and not lead.is_request
    and not member.is_request
