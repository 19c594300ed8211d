-- What is known of each pattern before anything is linked: its rules' word, and whether it is a failure.
-- Grain: service, pattern. Each field comes from the first rule that sets it.
-- grain: service, pattern_id
with

said as (
    select
        service,
        pattern_id,
        arg_min(name, position) filter (name is not null) as rule_name,
        arg_min(rule_id, position) filter (name is not null) as name_rule_id,
        arg_min(priority, position) filter (priority is not null) as rule_priority,
        arg_min(rule_id, position) filter (priority is not null) as priority_rule_id,
        arg_min(is_users, position) filter (priority is not null) as is_users_priority,
        arg_min(category, position) filter (category is not null) as rule_category,
        arg_min(impact, position) filter (impact is not null) as impact,
        arg_min(business_impact, position) filter (business_impact is not null) as business_impact,
        arg_min(purpose, position) filter (purpose is not null) as purpose,
        arg_min(issue, position) filter (issue is not null) as issue,
        arg_min(consequences_title, position) filter (consequences_title is not null) as consequences_title,
        arg_min(consequences, position) filter (len(consequences) > 0) as consequences,
        arg_min(actions, position) filter (len(actions) > 0) as actions,
        coalesce(arg_min(is_users, position) filter (len(actions) > 0), false) as is_users_actions,
        arg_min(is_expected, position) filter (is_expected is not null) as is_expected,
        bool_or(ends_instance) as ends_instance,
        bool_or(is_startup_failure) as is_startup_failure
    from pattern_rules
    group by all
),

-- a text that other messages repeat is what they are about
told as (
    select
        one.service,
        one.pattern_id,
        count(*) as told_count
    from contained_texts as contained
    inner join pattern_profiles as one
        on contained.service = one.service and contained.pattern_id = one.pattern_id
    inner join pattern_profiles as other
        on contained.service = other.service and contained.holder_id = other.pattern_id
    where one.kind in ('message', 'exception')
        and one.effective_severity >= 'ERROR'::severity_name
        and other.effective_severity >= 'ERROR'::severity_name
    group by all
)

select
    profile.*,
    said.* exclude (service, pattern_id),
    coalesce(told.told_count, 0) as told_count,
    coalesce(said.is_expected, false) as expected,
    coalesce(profile.kind, '') = 'request' as is_request,
    -- identified by its fields alone, without a text of its own
    is_request and regexp_full_match(profile.template, '([A-Z]+ )?/\S* [0-9]{3}') as is_request_line,
    (
        profile.effective_severity >= 'ERROR'::severity_name
        or coalesce(said.ends_instance, false)
        or coalesce(said.is_startup_failure, false)
    ) and not expected and profile.kind <> 'audit' as is_failure,
    stream.pattern_id is not null as is_stream
from pattern_profiles as profile
left join said on profile.service = said.service and profile.pattern_id = said.pattern_id
left join told on profile.service = told.service and profile.pattern_id = told.pattern_id
left join stream_patterns as stream on profile.service = stream.service and profile.pattern_id = stream.pattern_id
