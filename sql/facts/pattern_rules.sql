-- Which rules speak of which pattern: every condition that a rule states has to hold.
-- Grain: service, pattern, rule.
-- grain: service, pattern_id, position
select
    profile.service,
    profile.pattern_id,
    rule.* exclude (service, kind)
from pattern_profiles as profile
inner join rules as rule
    on (rule.service is null or matches_regex(profile.service, rule.service))
    and (rule.kind is null or profile.kind = rule.kind)
    and (
        rule.template is null
        or matches_regex(profile.template, rule.template)
        or matches_regex(profile.sample_message, rule.template)
    )
    and (
        rule.call_site is null
        or matches_regex(
            concat_ws(' ', concat_ws(':', profile.call_module, profile.call_lines[1]), profile.call_function),
            rule.call_site
        )
    )
    and (
        rule.exception is null
        or (profile.kind = 'exception' and matches_regex(profile.template, rule.exception))
        or matches_regex(coalesce(profile.exception_message, ''), rule.exception)
    )
    and (
        rule.log is null
        or len(list_filter(profile.log_ids, lambda log_id: matches_regex(log_id, rule.log))) > 0
    )
    and (rule.severity_from is null or enum_code(profile.effective_severity)::int * 100 >= rule.severity_from)
    and (rule.severity_to is null or enum_code(profile.effective_severity)::int * 100 <= rule.severity_to)
    and (rule.status_from is null or profile.highest_status between rule.status_from and rule.status_to)
