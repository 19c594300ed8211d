-- Patterns that instances write so steadily that nearness in time says nothing of them: more than 20 events an
-- instance, and the 15 s after each fill more than half of the time of the instances that write it.
-- Grain: service, pattern.
-- grain: service, pattern_id
with

events as (
    select
        service,
        pattern_id,
        instance_id,
        coalesce(event_id, entry_key) as event,
        min(entry_ns) as at_ns
    from ranked_entries
    where instance_id is not null
    group by all
),

paced as (
    select
        service,
        pattern_id,
        instance_id,
        lead(at_ns) over (partition by service, pattern_id, instance_id order by at_ns) - at_ns as pause_ns
    from events
),

filled as (
    select
        service,
        pattern_id,
        instance_id,
        count(*) as event_count,
        sum(least(coalesce(pause_ns, 15_000_000_000), 15_000_000_000)) as filled_ns
    from paced
    group by all
)

select
    filled.service,
    filled.pattern_id
from filled
inner join starts as life
    on filled.service = life.service and filled.instance_id = life.instance_id
group by all
having sum(filled.event_count) > 20 * count(*)
    and sum(filled.filled_ns) > 0.5 * sum(epoch_ns(life.last_at)::double - epoch_ns(life.first_at) + 15e9)
