-- How often each shape occurs, as entries count for it: pieces of an event have the shape of the whole.
-- Grain: shape, kind, minute. Entries without a shape carry nothing to mine.
-- grain: shape_id, kind, minute_ns
-- minute: minute_ns
select
    shape_id,
    kind,
    epoch_ns(entry_at) // 60_000_000_000 * 60_000_000_000 as minute_ns,
    count(*) as entry_count,
    min(entry_at) as first_at,
    max(entry_at) as last_at
from shaped_entries
group by all
