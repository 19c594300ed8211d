-- The patterns of each cluster, its lead first, with where they are written and why they belong.
-- Grain: window, cluster, pattern.
-- grain: window_id, lead_id, pattern_id
select
    member.window_id,
    member.lead_id,
    member.pattern_id,
    member.is_lead,
    pattern.template,
    pattern.kind,
    pattern.effective_severity::varchar as severity,
    pattern.entry_count,
    pattern.first_ns,
    pattern.last_ns,
    pattern.call_module,
    pattern.call_function,
    pattern.call_lines,
    member.reason,
    member.together_count,
    member.member_count,
    member.lag_ns,
    member.chance,
    text.message as sample_message,
    -- keys with a value that is part of the template itself
    regexp_extract_all(pattern.template, '[a-z]+_[a-z_]+: [A-Za-z0-9_-]+') as constant_pairs,
    case when pattern.kind = 'exception' then exception_frames(text.message) end as exceptions
from cluster_patterns as member
inner join window_patterns as pattern using (window_id, pattern_id)
inner join window_texts as text using (window_id, pattern_id)
order by not member.is_lead asc, pattern.entry_count desc, pattern.first_ns asc, member.pattern_id asc
