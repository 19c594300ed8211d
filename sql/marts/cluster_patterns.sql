-- Which pattern belongs to which cluster. Patterns are taken in the order of their places: one that is linked to a lead
-- already found joins it, else it leads a cluster of its own. Members link to the lead itself, never to one another, so
-- there is no chain that ends in one cluster of everything.
-- Grain: window, pattern.
-- grain: window_id, pattern_id
with recursive -- noqa: PRS

links as (
    select
        member.window_id,
        member.place,
        lead.place as lead_place,
        row_number() over (
            partition by member.window_id, member.place order by link.chance is not null, lead.place
        ) as choice
    from pattern_links as link
    inner join window_patterns as lead on link.service = lead.service and link.lead_id = lead.pattern_id
    inner join window_patterns as member
        on lead.window_id = member.window_id and link.member_id = member.pattern_id
    where link.link = 'same'
        and lead.place < member.place
        -- what every start writes joins its like, and nothing else
        and (link.reason <> 'once a start' or (not lead.is_failure and not member.is_failure))
),

-- in each round those whose first choice among the leads is known: no choice before it is undecided
walk (window_id, place, lead_place) using key (window_id, place) as ( -- noqa: PRS
    select window_id, place, place as lead_place
    from window_patterns
    anti join links using (window_id, place)
    union
    select
        links.window_id,
        links.place,
        coalesce(
            arg_min(links.lead_place, links.choice) filter (known.place = known.lead_place), links.place
        ) as lead_place
    from links
    left join recurring.walk as known on links.window_id = known.window_id and links.lead_place = known.place
    anti join recurring.walk as decided on links.window_id = decided.window_id and links.place = decided.place
    group by links.window_id, links.place
    having coalesce(min(links.choice) filter (known.place = known.lead_place), count(*) + 1)
        < coalesce(min(links.choice) filter (known.place is null), count(*) + 2)
)

select
    pattern.window_id,
    lead.pattern_id as lead_id,
    pattern.pattern_id,
    pattern.place,
    pattern.place = lead.place as is_lead,
    link.reason,
    link.together_count,
    link.member_count,
    link.lag_ns,
    link.chance
from window_patterns as pattern
inner join walk on pattern.window_id = walk.window_id and pattern.place = walk.place
inner join window_patterns as lead on walk.window_id = lead.window_id and walk.lead_place = lead.place
left join pattern_links as link
    on pattern.service = link.service
    and lead.pattern_id = link.lead_id
    and pattern.pattern_id = link.member_id
    and link.link = 'same'
