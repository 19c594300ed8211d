-- A cluster's entries over the covered part of the window in 40 steps of equal length, for a line of bars.
-- Grain: cluster.
with

steps as (
    select unnest(range(40)) as step
),

covered as (
    select
        epoch_ns(min(first_at)) as from_ns,
        epoch_ns(max(last_at)) + 1 as to_ns
    from pattern_minutes
    where service = $service
        and epoch_ns(minute) >= $from_ns
        and epoch_ns(minute) < $to_ns
),

counted as (
    select
        entry.lead_id,
        ((entry.entry_ns - covered.from_ns)::hugeint * 40 // (covered.to_ns - covered.from_ns))::int as step,
        count(*) as entry_count
    from cluster_entries as entry
    cross join covered
    group by all
)

select
    lead.lead_id,
    list(coalesce(counted.entry_count, 0) order by steps.step) as counts
from (select distinct lead_id from cluster_entries) as lead
cross join steps
left join counted on lead.lead_id = counted.lead_id and steps.step = counted.step
group by lead.lead_id
