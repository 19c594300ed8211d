-- Requests that fail alike, whatever their method and path: with any 5xx, or with one status of 4xx. What leads is one
-- of the 20 commonest. Grain: service, lead, member.
-- grain: service, lead_id, member_id
with

failing as (
    select
        service,
        pattern_id,
        entry_count,
        if(lowest_status >= 500, 500, lowest_status) as kind_of_end,
        row_number() over (
            partition by service, kind_of_end order by entry_count desc, first_ns asc, pattern_id asc
        ) as place
    from pattern_traits
    where is_request_line
        and lowest_status >= 400
)

select
    lead.service,
    lead.pattern_id as lead_id,
    member.pattern_id as member_id,
    member.entry_count as member_count
from failing as lead
inner join failing as member
    on lead.service = member.service
    and lead.kind_of_end = member.kind_of_end
    and lead.pattern_id <> member.pattern_id
where lead.place <= 20
