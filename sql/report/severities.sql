-- Entries of the window by severity, with the level read from the text where that is higher.
-- Grain: severity, highest first.
select
    severity::varchar as severity,
    sum(entry_count)::bigint as entry_count,
    coalesce(sum(entry_count) filter (level > severity), 0)::bigint as raised_count,
    epoch_ns(min(first_at)) as first_ns,
    epoch_ns(max(last_at)) as last_ns
from pattern_minutes
where service = $service
    and epoch_ns(minute) >= $from_ns
    and epoch_ns(minute) < $to_ns
group by severity
order by enum_code(severity) desc
