-- What comes after a pattern on the same instance, too seldom or too loosely to be one failure.
-- Grain: service, lead, member: the lead that the member follows most often, in at least half of its runs.
-- grain: service, lead_id, member_id
with

pairs as (
    select
        lead.service,
        lead.pattern_id as lead_id,
        member.pattern_id as member_id,
        count(*) as together_count,
        quantile_disc(member.first_ns - lead.first_ns, 0.5) as lag_ns
    from run_patterns as lead
    inner join run_patterns as member
        on lead.service = member.service
        and lead.scope = member.scope
        and lead.instance_id = member.instance_id
        and lead.run_number = member.run_number
        and lead.pattern_id <> member.pattern_id
        and lead.first_ns < member.first_ns
    where lead.scope = 'loose'
        and member.is_failure
        and (
            lead.is_failure
            or (lead.service, lead.pattern_id) in (select (service, pattern_id) from failure_sites)
        )
    group by all
),

members as (
    select service, pattern_id, count(*) as member_count
    from run_patterns
    where scope = 'loose'
    group by all
)

select
    pairs.*,
    members.member_count
from pairs
inner join members on pairs.service = members.service and pairs.member_id = members.pattern_id
where pairs.together_count >= 0.5 * members.member_count
