-- What a cluster follows: the cluster whose patterns most of its own come after.
-- Grain: cluster, cluster it follows.
select
    member.lead_id,
    cause.lead_id as cause_id,
    arg_max(link.reason, (link.together_count, link.reason)) as reason,
    max(link.together_count) as together_count,
    arg_max(link.member_count, (link.together_count, link.reason)) as member_count,
    arg_min(link.lag_ns, (abs(link.lag_ns), link.lag_ns)) as lag_ns,
    min(link.chance) as chance
from pattern_links as link
inner join cluster_patterns as member on link.member_id = member.pattern_id
inner join cluster_patterns as cause on link.lead_id = cause.pattern_id
where link.service = $service
    and link.link = 'follows'
    and member.lead_id <> cause.lead_id
group by all
