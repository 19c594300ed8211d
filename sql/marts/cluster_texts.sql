-- What rules say of a cluster, and its name. The name is a rule's on the lead, or a member's strongest rule
-- before what the lead says: its message while that stays the same, else its template. Where that is long and holds
-- an object, as JSON or as Python writes it, the object's message stands in its place. Grain: window, cluster.
-- grain: window_id, lead_id
with

said as (
    select
        member.lead_id,
        pattern.*,
        member.is_lead,
        member.reason,
        pattern.fatal_count is not null as is_fatal
    from cluster_patterns as member
    inner join window_patterns as pattern using (window_id, pattern_id)
),

picked as (
    select
        window_id,
        lead_id,
        arg_min(template, place) filter (is_lead) as lead_template,
        arg_min(kind, place) filter (is_lead) as kind,
        bool_or(told_count > 0) filter (is_lead) as is_told,
        coalesce(bool_or(is_cause) filter (is_lead), false) as is_cause,
        coalesce(bool_or(is_request_line) filter (is_lead), false) as is_request_line,
        arg_min(template, place) filter (is_request_line) as request_line,
        arg_min(is_request_line, (rule_priority, place)) filter (rule_name is not null) as is_named_by_request,
        count(*) as pattern_count,
        coalesce(bool_or(is_fatal) filter (is_lead), false) as is_fatal,
        coalesce(bool_or(is_startup_failure or ends_instance), false) as is_named_fatal,
        coalesce(bool_or(reason = 'once a start'), false) as is_once_a_start,
        arg_min(rule_name, place) filter (is_lead and rule_name is not null) as lead_name,
        arg_min(is_users_priority, place) filter (is_lead) as is_users,
        arg_min(rule_name, (rule_priority, place)) filter (rule_name is not null) as strongest_name,
        arg_min(rule_category, place) filter (rule_category is not null) as rule_category,
        case
            when count(*) = 1 or not is_once_a_start
                then arg_min(impact, (rule_priority, place)) filter (impact is not null)
        end as impact,
        arg_min(business_impact, (rule_priority, place)) filter (business_impact is not null) as business_impact,
        arg_min(purpose, (rule_priority, place)) filter (purpose is not null) as purpose,
        arg_min(issue, (rule_priority, place)) filter (issue is not null) as issue,
        arg_min(consequences_title, (rule_priority, place)) filter (consequences_title is not null)
            as consequences_title,
        arg_min(consequences, (rule_priority, place)) filter (len(consequences) > 0) as consequences,
        -- what a user's rule on the lead says to do is all there is to do
        coalesce(
            any_value(actions) filter (is_lead and is_users_actions),
            flatten(list(actions order by rule_priority, place) filter (len(actions) > 0))
        ) as actions
    from said
    group by window_id, lead_id
),

-- a column that is made of another stands in the next step: DuckDB would write the other out at each use
stated as (
    select
        * exclude (actions),
        list_distinct(coalesce(actions, [])) as action_set,
        -- sqlfluff reads lambdas of one parameter only
        list_filter( -- noqa: PRS
            coalesce(actions, []),
            lambda action, place: list_position(actions, action) = place
        ) as actions,
        -- without time, level and logger
        regexp_replace(statement(coalesce(lead_message, lead_template)), '[ \t]{2,}', ' ', 'g') as lead_statement
    from picked
    inner join (
        select
            window_id,
            pattern_id as lead_id,
            case when is_same then message end as lead_message,
            case when is_same then nullif(exception_text(message), '') end as lead_exception
        from window_texts
    ) as text using (window_id, lead_id)
),

begun as (
    select
        *,
        -- what the lead says, in a line: the exception's text, or the first sentence of the message
        case
            when kind = 'exception' and lead_exception is not null then lead_exception
            else regexp_extract(lead_statement, '^[^\n]{1,100}?([.!?](\s|$)|\n|$)')
        end as sentence
    from stated
),

lengthy as (
    select
        *,
        coalesce(nullif(sentence, ''), lead_statement) as long_text
    from begun
),

reasoned as (
    select
        *,
        -- three words at least, behind the last colon
        regexp_extract(
            regexp_extract(long_text, '^[^\n]{1,1000}'),
            ': ((?:[^ :{}\[\]]|:[^ ])+(?: (?:[^ :{}\[\]]|:[^ ])+){2,})$',
            1
        ) as reason,
        regexp_extract(
            long_text,
            '^([^{}\n]{3,60}?)[\s:=,-]*\{[^\n]*?'
            || '["''](?:message|msg|error_message|errorMessage|detail|description)["'']\s*:\s*'
            || '(?:"((?:[^"\\\n]|\\.){8,})"|''((?:[^''\\\n]|\\.){8,})'')',
            ['before', 'quoted', 'apostrophed']
        ) as object
    from lengthy
),

-- in quotes of one kind or of the other
opened as (
    select
        * exclude (object),
        object.before as before_object,
        object.quoted || object.apostrophed as object_message
    from reasoned
),

headed as (
    select
        *,
        case
            when is_request_line then lead_template
            when sentence <> '' and len(sentence) <= 100 then rtrim(sentence, ' .:,' || chr(10) || chr(13))
            when object_message <> ''
                then before_object || ': ' || if(
                    len(object_message) <= 90,
                    rtrim(object_message, ' .:,'),
                    regexp_extract(object_message, '^(.{1,90}\S)(\s|$)', 1) || '…'
                )
            -- of a chain of reasons the last says why
            when len(reason) between 15 and 90 then '… ' || rtrim(reason, ' .:,' || chr(13))
            when len(reason) between 91 and 160 then '… ' || regexp_extract(reason, '^(.{1,90}\S)(\s|$)', 1) || '…'
            -- cut between words, or where there are none anywhere
            else coalesce(
                nullif(regexp_extract(long_text, '^([^\n]{1,90}\S)(\s|$)', 1), ''), left(long_text, 90)
            ) || '…'
        end as headline
    from opened
)

select
    * exclude (reason, before_object, object_message),
    case
        when is_once_a_start then 'Warnings of every start-up'
        when is_users and lead_name is not null then lead_name
        when is_fatal and not is_named_fatal then 'Start-up fails: ' || headline
        when is_request_line
            then concat_ws(': ', coalesce(lead_name, strongest_name), lead_template)
                || if(pattern_count > 1, ' and ' || (pattern_count - 1) || ' more', '')
        -- what the program wrote while it answered
        when lead_name is null and is_named_by_request
            then strongest_name || ': ' || request_line || ': ' || headline
        -- what the program wrote before an instance ended
        when lead_name is null and is_cause and is_named_fatal then strongest_name || ': ' || headline
        when strongest_name is not null and is_told then strongest_name || ': ' || headline
        when coalesce(lead_name, strongest_name) is not null then coalesce(lead_name, strongest_name)
        else headline
    end as name
from headed
