-- The entry that each cluster shows. Grain: window, cluster.
-- grain: window_id, lead_id
select
    sample.* exclude (entry_at, received_at, entry_key),
    epoch_ns(sample.entry_at) as entry_ns,
    -- what an engine counted stands in no line of a file
    if(sample.line = 0, sample.file, regexp_extract(sample.file, '[^/\\]+$')) as file_name,
    strftime(sample.entry_at, '%Y-%m-%dT%H:%M:%S') || rtrim(rtrim(
        '.' || lpad((epoch_ns(sample.entry_at) % 1_000_000_000)::varchar, 9, '0'), '0'
    ), '.') || 'Z' as timestamp
from samples as sample
