-- Where and when the pattern was seen. Grain: service, revision, severity. Parameter: pattern_id.
-- grain: service, revision, severity
select
    service,
    revision,
    effective_severity::varchar as severity,
    sum(entry_count)::bigint as entry_count,
    epoch_ns(min(first_at)) as first_ns,
    epoch_ns(max(last_at)) as last_ns
from pattern_minutes
where pattern_id = $pattern_id
group by all
order by first_ns, service, revision, severity
