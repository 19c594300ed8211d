-- Patterns that are no failure themselves, but are written by a function that writes failures.
-- Grain: service, pattern.
-- grain: service, pattern_id
select distinct
    link.service,
    link.member_id as pattern_id
from links_by_call_site as link
inner join pattern_traits as lead on link.service = lead.service and link.lead_id = lead.pattern_id
inner join pattern_traits as member on link.service = member.service and link.member_id = member.pattern_id
where lead.is_failure
    and not member.is_failure
