-- The time span of each severity in the sources, taken as one file, because an engine does not distinguish files.
-- Grain: severity.
-- grain: severity
select
    1 as file_id,
    known.severity::severity_name as severity,
    sum(counts.entry_count)::ubigint as entry_count,
    make_timestamp_ns(min(counts.first_ns)) as first_at,
    make_timestamp_ns(max(counts.last_ns)) as last_at,
    false as is_newest_first
from pulled_counts as counts
inner join pulled_groups as known using (group_id)
where counts.part = 'messages'
group by known.severity
