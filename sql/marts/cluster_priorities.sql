-- The priority of a cluster, P0 to P4, with its reasons in the order in which they apply.
-- Grain: window, cluster. A rule on the lead comes first, then the strongest rule of a member, then severity. What has
-- ended is at most P2.
-- grain: window_id, lead_id
with

said as (
    select
        member.window_id,
        member.lead_id,
        arg_min(pattern.rule_priority, pattern.place) filter (member.is_lead and pattern.is_users_priority)
            as lead_priority,
        arg_min(pattern.priority_rule_id, pattern.place) filter (member.is_lead and pattern.is_users_priority)
            as lead_rule_id,
        min(pattern.rule_priority) as strongest_priority,
        coalesce(arg_min(pattern.is_users_priority, (pattern.rule_priority, pattern.place)), false)
            as is_strongest_users,
        arg_min(pattern.priority_rule_id, (pattern.rule_priority, pattern.place)) as strongest_rule_id,
        bool_and(pattern.expected) as is_expected,
        bool_and(pattern.is_of_stream) as is_of_stream,
        max(pattern.fatal_count) filter (member.is_lead) as fatal_count
    from cluster_patterns as member
    inner join window_patterns as pattern using (window_id, pattern_id)
    group by all
),

requests as (
    select
        span.window_id,
        coalesce(sum(minute.request_count), 0)::bigint as request_count,
        coalesce(sum(minute.success_count), 0)::bigint as success_count
    from windows as span
    left join revision_minutes as minute
        on is_in_window(span, minute.service, minute.revision, epoch_ns(minute.minute))
    group by all
),

refused as (
    select
        member.window_id,
        member.lead_id,
        count(*) as refused_count,
        min(entry.entry_ns) // 60_000_000_000 * 60_000_000_000 as first_minute_ns
    from window_entries as entry
    inner join cluster_patterns as member using (window_id, pattern_id)
    where entry.kind = 'request'
        and entry.http_status in (401, 403)
    group by all
    having count(*) >= 10
),

-- nearly all requests since the first that was refused, in a service that answered others before
refusals as (
    select
        refused.window_id,
        refused.lead_id,
        refused.refused_count,
        sum(minute.request_count) filter (epoch_ns(minute.minute) >= refused.first_minute_ns)::bigint
            as request_count
    from refused
    inner join windows as span on refused.window_id = span.window_id
    inner join revision_minutes as minute
        on is_in_window(span, minute.service, minute.revision, epoch_ns(minute.minute))
    group by refused.window_id, refused.lead_id, refused.refused_count
    having sum(minute.success_count) filter (epoch_ns(minute.minute) < refused.first_minute_ns) > 0
        and refused.refused_count
        >= 0.8 * sum(minute.request_count) filter (epoch_ns(minute.minute) >= refused.first_minute_ns)
),

based as (
    select
        counts.window_id,
        counts.lead_id,
        counts.effective_severity,
        counts.server_error_count,
        said.is_expected,
        case
            when said.lead_priority is not null then true
            -- a start-up failure or a crash goes before a rule on a member
            when said.fatal_count > 0 and not said.is_expected then false
            else said.is_strongest_users
        end as is_set_by_user,
        coalesce(state.state = 'ended', false) as is_ended,
        coalesce(state.state = 'escalating', false) as is_escalating,
        case
            when said.lead_priority is not null then said.lead_priority
            when said.is_expected then coalesce(said.strongest_priority, 'P4')
            when said.fatal_count > 0 then 'P0'
            when said.strongest_priority is not null then said.strongest_priority
            when counts.effective_severity >= 'CRITICAL'::severity_name then 'P0'
            when counts.server_error_count > 0 or refusals.refused_count is not null then 'P1'
            when said.is_of_stream then 'P3'
            when counts.effective_severity = 'ERROR'
                and requests.success_count > 0
                and counts.error_count >= 5
                and counts.error_count > 0.01 * requests.request_count then 'P1'
            when counts.effective_severity = 'ERROR' then 'P2'
            when counts.effective_severity = 'WARNING' then 'P3'
            else 'P4'
        end as priority,
        case
            when said.lead_priority is not null then 'rule ' || said.lead_rule_id
            when said.is_expected and said.strongest_priority is null then 'expected'
            when said.fatal_count > 0 and (said.strongest_priority is distinct from 'P0')
                then format(
                    'starts fail: {:,} {} the instance had just started and logged nothing after it',
                    said.fatal_count, if(said.fatal_count = 1, 'time', 'times')
                )
            when said.strongest_priority is not null then 'rule ' || said.strongest_rule_id
            when counts.effective_severity >= 'CRITICAL'::severity_name
                then 'severity ' || counts.effective_severity::varchar
            when counts.server_error_count > 0
                then format(
                    '{:,} {} ended with 5xx',
                    counts.server_error_count, if(counts.server_error_count = 1, 'request', 'requests')
                )
            when refusals.refused_count is not null
                then format(
                    '{:,} of {:,} requests since its first were refused',
                    refusals.refused_count, refusals.request_count
                )
            when said.is_of_stream
                then 'stderr, all of which the logging agent calls ERROR; no line names a level or a failure'
            when counts.effective_severity = 'ERROR'
                and requests.success_count > 0
                and counts.error_count >= 5
                and counts.error_count > 0.01 * requests.request_count
                then format('{:,} errors against {:,} requests: above 1 %', counts.error_count, requests.request_count)
            else 'severity ' || counts.effective_severity::varchar
        end as reason
    from cluster_counts as counts
    inner join said using (window_id, lead_id)
    inner join requests using (window_id)
    left join refusals using (window_id, lead_id)
    left join cluster_states as state using (window_id, lead_id)
),

-- what a user's own rule sets is not moved
capped as (
    select
        * replace (if(is_ended and not is_set_by_user, greatest(priority, 'P2'), priority) as priority),
        priority < 'P2' and is_ended and not is_set_by_user as is_capped
    from based
),

causes as (
    select
        follows.window_id,
        follows.lead_id,
        min(cause.priority) as cause_priority
    from cluster_follows as follows
    inner join capped as cause
        on follows.window_id = cause.window_id and follows.cause_id = cause.lead_id
    where follows.reason = 'end of requests'
    group by all
),

moved as (
    select
        capped.*,
        case
            when is_set_by_user then null
            when priority = 'P1' and cause_priority = 'P0' then 'one step up: follows a cluster of P0'
            when priority = 'P3' and is_escalating and not is_expected then 'one step up: escalating'
            when is_capped then 'it has ended: P2 at most'
        end as move
    from capped
    left join causes using (window_id, lead_id)
)

select
    window_id,
    lead_id,
    case
        when move = 'one step up: follows a cluster of P0' then 'P0'
        when move = 'one step up: escalating' then 'P2'
        else priority
    end as priority,
    list_filter([reason, move], lambda reason: reason is not null) as priority_reasons,
    is_expected
from moved
