-- Patterns below NOTICE whose text tells of a failure all the same: a level is not raised by wording, but what failed
-- is named. Grain: service, pattern.
-- grain: service, pattern_id
select
    quiet.service,
    quiet.pattern_id,
    pattern.template,
    quiet.effective_severity
from (
    select service, pattern_id, max(effective_severity) as effective_severity
    from pattern_minutes
    group by all
    having max(effective_severity) < 'NOTICE'::severity_name
) as quiet
inner join patterns as pattern using (pattern_id)
where pattern.kind in ('message', 'exception')
    and tells_failure(pattern.template)
