-- The patterns of a cluster and why they belong, its lead first. Grain: pattern. Parameters: service, cluster_id.
-- grain: pattern_id
select
    member.pattern_id,
    member.is_lead,
    member.reason,
    trait.template,
    trait.kind,
    trait.entry_count,
    trait.effective_severity::varchar as severity,
    trait.call_module,
    trait.call_function,
    trait.call_lines,
    link.together_count,
    link.member_count,
    link.lag_ns,
    link.chance
from pattern_clusters as member
inner join pattern_traits as trait using (service, pattern_id)
left join pattern_links as link
    on member.service = link.service
    and member.cluster_id = link.lead_id
    and member.pattern_id = link.member_id
    and link.link = 'same'
where member.service = $service
    and member.cluster_id = $cluster_id
order by not member.is_lead asc, trait.entry_count desc, member.pattern_id asc
