-- Of what was to be fetched: source and severity of which not as many entries came as were counted.
-- Grain: source, severity.
-- grain: none (names service and log of a source, not its id)
with

counted as (
    select
        known.source_id,
        known.severity::severity_name as severity,
        sum(counts.entry_count)::bigint as entry_count
    from pulled_counts as counts
    inner join pulled_groups as known using (group_id)
    where counts.part = 'messages'
    group by all
),

held as (
    select source_id, severity, sum(entry_count)::bigint as entry_count
    from (
        select source_id, severity, count(*) as entry_count from raw_entries group by all
        union all
        select source_id, severity, sum(entry_count) as entry_count from counted_entries group by all
    ) as stored
    group by all
)

select
    source.service,
    source.log_id,
    severity,
    coalesce(counted.entry_count, 0) as counted_count,
    coalesce(held.entry_count, 0) as held_count
from counted
full join held using (source_id, severity)
inner join sources as source using (source_id)
where counted_count <> held_count
order by source.service, source.log_id, severity
