-- One exception reported several times: a failure whose message holds the text of the lead.
-- Grain: service, lead, member.
-- grain: service, lead_id, member_id
select
    lead.service,
    lead.pattern_id as lead_id,
    member.pattern_id as member_id,
    member.entry_count as member_count
from contained_texts as contained
inner join pattern_traits as lead
    on contained.service = lead.service and contained.pattern_id = lead.pattern_id
inner join pattern_traits as member
    on contained.service = member.service and contained.holder_id = member.pattern_id
where lead.is_failure
    and member.is_failure
    and not lead.is_request
    and not member.is_request
