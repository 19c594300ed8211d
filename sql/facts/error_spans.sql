-- The time span in which each file contains errors: only a part of the file's time if their collection was cut.
-- Grain: file.
-- grain: file
select
    file,
    min(epoch_ns(file_first_at)) as file_first_ns,
    max(epoch_ns(file_last_at)) as file_last_ns,
    coalesce(
        max(epoch_ns(covered_from)) filter (severity >= 'ERROR'::severity_name),
        min(epoch_ns(file_first_at))
    ) as covered_from_ns
from coverage
group by file
