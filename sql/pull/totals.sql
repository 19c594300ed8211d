-- What an engine's counts add up to. Grain: one row. `row_count` is counted by instances, the others by groups.
-- grain: none (one row)
select
    (select coalesce(sum(entry_count), 0)::bigint from pulled_counts where part = 'instances') as row_count,
    coalesce(sum(counts.entry_count) filter (known.group_id is not null), 0)::bigint as entry_count,
    coalesce(sum(counts.entry_count) filter (known.group_id is null), 0)::bigint as reject_count,
    coalesce(sum(counts.entry_count) filter (known.kind = 'no payload'), 0)::bigint as no_payload_count,
    coalesce(sum(counts.entry_count) filter (known.is_fetched), 0)::bigint as to_fetch_count,
    min(counts.first_ns) filter (known.group_id is not null) as first_ns,
    max(counts.last_ns) filter (known.group_id is not null) as last_ns
from pulled_counts as counts
left join pulled_groups as known using (group_id)
where counts.part = 'messages'
