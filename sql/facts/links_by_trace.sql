-- Failures in the same traces: steps of one request.
-- Grain: service, lead, member. A member's traces hold the lead in at least 4 of 5.
-- grain: service, lead_id, member_id
with

told as (
    select distinct
        entry.service,
        entry.trace,
        entry.pattern_id
    from ranked_entries as entry
    inner join pattern_traits as trait
        on entry.service = trait.service and entry.pattern_id = trait.pattern_id
    where entry.trace is not null
        and (trait.is_failure or (trait.is_request and trait.lowest_status >= 400))
        and not trait.expected
),

pattern_traces as (
    select service, pattern_id, count(*) as trace_count
    from told
    group by all
),

pairs as (
    select
        lead.service,
        lead.pattern_id as lead_id,
        member.pattern_id as member_id,
        count(*) as together_count
    from told as lead
    inner join told as member
        on lead.service = member.service and lead.trace = member.trace and lead.pattern_id <> member.pattern_id
    group by all
)

select
    pairs.*,
    members.trace_count as member_count
from pairs
inner join pattern_traces as members
    on pairs.service = members.service and pairs.member_id = members.pattern_id
where pairs.together_count >= 0.8 * members.trace_count
