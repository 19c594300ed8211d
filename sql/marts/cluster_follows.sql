-- A cluster and a cluster that it follows: one whose patterns most of its own patterns come after.
-- Grain: window, cluster, cluster it follows.
-- grain: window_id, lead_id, cause_id
select
    member.window_id,
    member.lead_id,
    cause.lead_id as cause_id,
    arg_max(link.reason, (link.together_count, link.reason)) as reason,
    max(link.together_count) as together_count,
    arg_max(link.member_count, (link.together_count, link.reason)) as member_count,
    arg_min(link.lag_ns, (abs(link.lag_ns), link.lag_ns)) as lag_ns,
    min(link.chance) as chance
from pattern_links as link
inner join windows as span on link.service = span.service
inner join cluster_patterns as member
    on span.window_id = member.window_id and link.member_id = member.pattern_id
inner join cluster_patterns as cause
    on span.window_id = cause.window_id and link.lead_id = cause.pattern_id
where link.link = 'follows'
    and member.lead_id <> cause.lead_id
group by all
