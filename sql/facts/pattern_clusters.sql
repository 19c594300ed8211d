-- The cluster that a pattern belongs to over the whole archive: what makes clusters of different windows the same one.
-- Grain: service, pattern of the least severity and above. Its id is the leading pattern's.
-- grain: service, pattern_id
select
    span.service,
    member.pattern_id,
    member.lead_id as cluster_id,
    member.is_lead,
    member.reason
from cluster_patterns as member
inner join windows as span using (window_id)
