-- How patterns hang together, and why: `same` joins them in one issue, `follows` only refers.
-- Grain: service, lead, member: the strongest reason, with its figures.
-- grain: service, lead_id, member_id
with

reasons as (
    select service, lead_id, member_id, 'same' as link, 'text' as reason, 1 as strength,
        member_count as together_count, member_count, null::bigint as lag_ns, null::double as chance
    from links_by_text
    union all by name
    select service, lead_id, member_id, 'same' as link, 'trace' as reason, 2 as strength,
        together_count, member_count
    from links_by_trace
    union all by name
    select service, lead_id, member_id, 'same' as link, 'end of an instance' as reason, 3 as strength,
        together_count, member_count
    from links_by_instance_end
    union all by name
    select service, lead_id, member_id, 'same' as link, 'call site' as reason, 4 as strength,
        member_count as together_count, member_count
    from links_by_call_site
    union all by name
    select service, lead_id, member_id, 'same' as link, 'instance' as reason, 5 as strength,
        together_count, member_count, lag_ns, chance_bound as chance
    from links_by_run
    union all by name
    select service, lead_id, member_id, 'same' as link, 'once a start' as reason, 6 as strength,
        member_count as together_count, member_count
    from links_by_start
    union all by name
    select service, lead_id, member_id, 'same' as link, 'status' as reason, 6 as strength,
        member_count as together_count, member_count
    from links_by_status
    union all by name
    select service, lead_id, member_id, 'follows' as link, 'end of requests' as reason, 7 as strength,
        together_count, member_count, lag_ns, chance
    from links_by_end
    union all by name
    select service, lead_id, member_id, 'follows' as link, 'order' as reason, 8 as strength,
        together_count, member_count, lag_ns
    from links_by_order
)

select
    service,
    lead_id,
    member_id,
    arg_min(link, strength) as link,
    arg_min(reason, strength) as reason,
    arg_min(together_count, strength) as together_count,
    arg_min(member_count, strength) as member_count,
    any_value(lag_ns order by strength) as lag_ns,
    any_value(chance order by strength) as chance
from reasons
group by all
