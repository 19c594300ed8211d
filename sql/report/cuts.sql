-- Severities whose collection looks cut: a round count that ends while other severities reach further back.
-- Grain: file, severity.
select
    regexp_extract(cover.file, '[^/\\]+$') as file,
    cover.severity::varchar as severity,
    cover.entry_count,
    epoch_ns(cover.first_at) as first_ns,
    epoch_ns(cover.last_at) as last_ns,
    epoch_ns(cover.last_at) - epoch_ns(cover.first_at) as span_ns,
    epoch_ns(cover.file_first_at) as file_first_ns,
    epoch_ns(cover.file_last_at) as file_last_ns,
    cover.is_newest_first,
    count(*) over (partition by cover.file, cover.entry_count) as same_count
from coverage as cover
where cover.is_severity_cut
    and epoch_ns(cover.file_first_at) < $to_ns
    and epoch_ns(cover.file_last_at) >= $from_ns
order by cover.file_first_at, cover.file, enum_code(cover.severity) desc
