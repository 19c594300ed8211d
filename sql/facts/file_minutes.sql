-- Which files hold which minutes of a service. Grain: service, revision, file, minute.
-- grain: service, revision, file_id, minute_ns
-- minute: minute_ns
select distinct
    source.service,
    source.revision,
    raw.file_id,
    epoch_ns(raw.entry_at) // 60_000_000_000 * 60_000_000_000 as minute_ns
from raw_entries as raw
inner join identified_sources as source using (source_id)
union
select source.service, source.revision, 1 as file_id, counted.minute_ns
from counted_entries as counted
inner join identified_sources as source using (source_id)
