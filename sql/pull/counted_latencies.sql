-- How long requests took that were counted and not fetched. Grain: source, minute, step of latency.
-- grain: source_id, minute_ns, latency_step
select
    known.source_id,
    counts.minute * 60_000_000_000 as minute_ns,
    counts.latency_step::int as latency_step,
    sum(counts.entry_count)::bigint as entry_count
from pulled_counts as counts
inner join pulled_groups as known using (group_id)
where counts.part = 'messages'
    and not known.is_fetched
    and known.kind = 'request'
    and counts.latency_step >= 0
group by all
