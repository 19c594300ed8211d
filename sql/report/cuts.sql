-- Severities of the service whose collection looks cut: a round count that ends while other severities reach further
-- back. Grain: window, file, severity.
-- grain: none (files of several folders may have one name)
select
    span.window_id,
    regexp_extract(cover.file, '[^/\\]+$') as file,
    cover.severity::varchar as severity,
    cover.entry_count,
    epoch_ns(cover.first_at) as first_ns,
    epoch_ns(cover.last_at) as last_ns,
    epoch_ns(cover.last_at) - epoch_ns(cover.first_at) as span_ns,
    epoch_ns(cover.file_first_at) as file_first_ns,
    epoch_ns(cover.file_last_at) as file_last_ns,
    cover.is_newest_first,
    count(*) over (partition by span.window_id, cover.file, cover.entry_count) as same_count
from coverage as cover
inner join (select distinct service, file_id from file_minutes) as held on cover.file_id = held.file_id
inner join windows as span
    on held.service = span.service
    and epoch_ns(cover.file_first_at) < span.to_ns
    and epoch_ns(cover.file_last_at) >= span.from_ns
where cover.is_severity_cut
order by cover.file_first_at asc, cover.file asc, enum_code(cover.severity) desc
