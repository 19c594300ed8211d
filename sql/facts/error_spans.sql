-- The time span in which each file contains errors: only a part of the file's time if their collection was cut.
-- Grain: service, file that holds entries of it.
-- grain: service, file_id
select
    held.service,
    held.file_id,
    min(epoch_ns(cover.file_first_at)) as file_first_ns,
    max(epoch_ns(cover.file_last_at)) as file_last_ns,
    coalesce(
        max(epoch_ns(cover.covered_from)) filter (cover.severity >= 'ERROR'::severity_name),
        min(epoch_ns(cover.file_first_at))
    ) as covered_from_ns
from (select distinct service, file_id from file_minutes) as held
inner join coverage as cover on held.file_id = cover.file_id
group by held.service, held.file_id
