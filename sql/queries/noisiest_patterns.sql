-- The patterns with the most entries, and their share of the archive.
-- Grain: pattern.
-- param severity = 'DEFAULT': only of this severity and above
-- param limit = 20: so many
select
    sum(minute.entry_count)::bigint as entry_count,
    round(100 * sum(minute.entry_count) / (select sum(entry_count) from pattern_minutes), 2) as percent,
    max(minute.effective_severity) as severity,
    pattern.pattern_id,
    pattern.template,
    string_agg(distinct minute.service, ', ' order by minute.service) as services
from pattern_minutes as minute
inner join patterns as pattern on minute.pattern_id = pattern.pattern_id
group by pattern.pattern_id, pattern.template
having severity >= upper($severity)::severity_name
order by entry_count desc, pattern.pattern_id asc
limit $limit::bigint
