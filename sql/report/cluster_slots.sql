-- A cluster's entries by slot, for a span that is chosen on the page. Grain: window, cluster. `slots` are numbers from
-- the window's first slot; `counts` their entries.
-- grain: window_id, lead_id
with

counts as (
    select
        entry.window_id,
        member.lead_id,
        entry.entry_ns // slots.slot_ns - slots.first_slot as slot,
        count(*) as entry_count
    from window_entries as entry
    inner join cluster_patterns as member using (window_id, pattern_id)
    inner join window_slots as slots on entry.window_id = slots.window_id
    group by all
)

select
    window_id,
    lead_id,
    list(slot order by slot) as slots,
    list(entry_count order by slot) as counts
from counts
group by window_id, lead_id
