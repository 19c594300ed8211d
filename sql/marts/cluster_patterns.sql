-- Which pattern belongs to which cluster. Walks the patterns of each window in the order of their places: one that is
-- linked to a lead already found joins it, else it leads a cluster of its own. Members link to the lead
-- itself, never to one another, so there is no chain that ends in one cluster of everything.
-- Grain: window, pattern.
-- grain: window_id, pattern_id
with recursive

links as (
    select
        member.window_id,
        member.place,
        list(lead.pattern_id order by link.chance is not null, lead.place) as lead_ids
    from pattern_links as link
    inner join window_patterns as lead on link.service = lead.service and link.lead_id = lead.pattern_id
    inner join window_patterns as member
        on lead.window_id = member.window_id and link.member_id = member.pattern_id
    where link.link = 'same'
        and lead.place < member.place
        -- what every start writes joins its like, and nothing else
        and (link.reason <> 'once a start' or (not lead.is_failure and not member.is_failure))
    group by all
),

steps as (
    select
        pattern.window_id,
        pattern.place,
        pattern.pattern_id,
        coalesce(links.lead_ids, []) as lead_ids
    from window_patterns as pattern
    left join links using (window_id, place)
),

walk as (
    select
        window_id,
        0::bigint as place,
        ''::varchar as pattern_id,
        ''::varchar as lead_id,
        []::varchar[] as leads
    from windows
    union all
    select
        steps.window_id,
        steps.place,
        steps.pattern_id,
        coalesce(list_filter(steps.lead_ids, lambda id: list_contains(walk.leads, id))[1], steps.pattern_id) as lead_id,
        case
            when len(list_filter(steps.lead_ids, lambda id: list_contains(walk.leads, id))) > 0 then walk.leads
            else list_append(walk.leads, steps.pattern_id)
        end as leads
    from walk
    inner join steps on walk.window_id = steps.window_id and steps.place = walk.place + 1
)

select
    walk.window_id,
    walk.lead_id,
    walk.pattern_id,
    walk.place,
    walk.pattern_id = walk.lead_id as is_lead,
    link.reason,
    link.together_count,
    link.member_count,
    link.lag_ns,
    link.chance
from walk
inner join windows as span on walk.window_id = span.window_id
left join pattern_links as link
    on span.service = link.service
    and walk.lead_id = link.lead_id
    and walk.pattern_id = link.member_id
    and link.link = 'same'
where walk.place > 0
