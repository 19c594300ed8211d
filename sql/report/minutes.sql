-- A cluster's entries over the window in 40 steps of equal length, for a line of bars. Grain: cluster.
with recursive

steps as (
    select unnest(range(40)) as step
),

counted as (
    select
        lead_id,
        ((entry_ns - $from_ns)::hugeint * 40 // ($to_ns - $from_ns))::int as step,
        count(*) as entry_count
    from cluster_entries
    group by all
)

select
    lead.lead_id,
    list(coalesce(counted.entry_count, 0) order by steps.step) as counts
from (select distinct lead_id from cluster_entries) as lead
cross join steps
left join counted on lead.lead_id = counted.lead_id and steps.step = counted.step
group by lead.lead_id
