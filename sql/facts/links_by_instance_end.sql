-- What the program wrote right before instances end, and what tells of those ends: one failure. A cause is what stands
-- first in at least half of the instances that show it; a member comes with it in at least 8 of 10 of its ends.
-- Messages about a revision without an instance belong to the end of its last instance within 10 minutes before.
-- Grain: service, lead, member.
-- grain: service, lead_id, member_id
with

shown as (
    select service, pattern_id, count(distinct instance_id) as instance_count
    from ranked_entries
    where instance_id is not null
    group by all
),

causes as (
    select
        first.service,
        first.pattern_id,
        count(distinct first.instance_id) as end_count
    from end_causes as first
    inner join shown on first.service = shown.service and first.pattern_id = shown.pattern_id
    where first.place = 1
    group by first.service, first.pattern_id, shown.instance_count
    having count(distinct first.instance_id) >= 0.5 * shown.instance_count
),

caused as (
    select first.service, first.instance_id, first.end_number, first.pattern_id as lead_id
    from end_causes as first
    semi join causes on first.service = causes.service and first.pattern_id = causes.pattern_id
    where first.place = 1
),

revision_tellings as (
    select
        entry.service,
        entry.revision,
        entry.entry_ns,
        entry.entry_key,
        entry.pattern_id
    from ranked_entries as entry
    inner join pattern_traits as trait
        on entry.service = trait.service and entry.pattern_id = trait.pattern_id
    where entry.instance_id is null
        and entry.revision is not null
        and trait.is_startup_failure
        and not trait.is_request
),

-- all that tells of an end or stands right before it
parts as (
    select service, instance_id, end_number, unnest(pattern_ids) as pattern_id
    from instance_ends
    union all by name
    select service, instance_id, end_number, pattern_id
    from end_causes
    where place > 1
    union all by name
    select
        said.service,
        final.instance_id,
        final.end_number,
        said.pattern_id
    from revision_tellings as said
    asof left join (select * from instance_ends order by last_ns) as final
        on said.service = final.service
        and said.revision = final.revision
        and said.entry_ns >= final.last_ns
    where said.entry_ns - final.last_ns <= 600_000_000_000 is not false
),

totals as (
    select service, pattern_id as member_id, count(*) as member_count
    from parts
    group by all
),

pairs as (
    select
        caused.service,
        caused.lead_id,
        parts.pattern_id as member_id,
        count(*) as together_count
    from caused
    inner join parts
        on caused.service = parts.service
        and caused.instance_id = parts.instance_id
        and caused.end_number = parts.end_number
        and caused.lead_id <> parts.pattern_id
    group by all
)

select
    pairs.*,
    totals.member_count
from pairs
inner join totals on pairs.service = totals.service and pairs.member_id = totals.member_id
where pairs.together_count >= 0.8 * totals.member_count
