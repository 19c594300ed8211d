-- One exception reported several times: a failure whose message holds the text of the lead, and which comes when the
-- lead does: half of its events and more in the minute of one of the lead's, or next to it. A text such as `context
-- deadline exceeded` is said of many things.
-- Grain: service, lead, member.
-- grain: service, lead_id, member_id
with

pairs as (
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
),

minutes as (
    select
        service,
        pattern_id,
        epoch_ns(minute) // 60_000_000_000 as minute,
        sum(event_count)::bigint as event_count
    from pattern_minutes
    where (service, pattern_id) in (
        select (service, lead_id) from pairs
        union
        select (service, member_id) from pairs
    )
    group by all
),

reached as (
    select distinct service, pattern_id, unnest([minute - 1, minute, minute + 1]) as minute
    from minutes
),

together as (
    select pairs.service, pairs.lead_id, pairs.member_id
    from pairs
    inner join minutes as member
        on pairs.service = member.service and pairs.member_id = member.pattern_id
    left join reached as lead
        on pairs.service = lead.service and pairs.lead_id = lead.pattern_id and member.minute = lead.minute
    group by all
    having 2 * coalesce(sum(member.event_count) filter (lead.minute is not null), 0) >= sum(member.event_count)
)

select pairs.*
from pairs
semi join together using (service, lead_id, member_id)
