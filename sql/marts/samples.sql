-- The entry that stands for a cluster: the one of its lead that is nearest to the middle of them in time.
-- Grain: cluster.
with

ordered as (
    select
        lead_id,
        entry_at,
        entry_key,
        row_number() over (partition by lead_id order by entry_ns, entry_key) as place,
        count(*) over (partition by lead_id) as entry_count
    from cluster_entries
    where is_lead
)

select
    ordered.lead_id,
    entry.* exclude (entry_key),
    entry.entry_key
from ordered
inner join entries as entry on ordered.entry_at = entry.entry_at and ordered.entry_key = entry.entry_key
where ordered.place = (ordered.entry_count + 1) // 2
