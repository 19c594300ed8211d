-- The entries that this worklog is about.
-- Grain: log entry of the service, NOTICE and above, inside the window. Parameters: service, window, least severity.
select *
from ranked_entries
where service = $service
    and entry_ns >= $from_ns
    and entry_ns < $to_ns
    and effective_severity >= $minimum_severity::severity_name
