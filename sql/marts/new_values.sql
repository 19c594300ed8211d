-- Values that no earlier revision had at a variable position, where it would have shown them: at the share they have
-- now, three or more were to be expected (the rule of three).
-- Grain: window, cluster, pattern, position, value.
-- grain: window_id, lead_id, pattern_id, position, value
with

first_held as (
    select
        service,
        pattern_id,
        position,
        value,
        any_value(name order by name) as name,
        arg_min(revision, (first_ns, revision)) as revision,
        min(first_ns) as first_ns
    from value_minutes
    group by service, pattern_id, position, value
),

candidates as (
    select
        member.window_id,
        member.lead_id,
        span.to_ns,
        value.*,
        began.first_at as revision_first_at
    from first_held as value
    inner join windows as span
        on is_in_window(span, value.service, value.revision, value.first_ns)
    inner join cluster_patterns as member
        on span.window_id = member.window_id and value.pattern_id = member.pattern_id
    inner join revisions as began
        on value.service = began.service and value.revision = began.revision
),

-- of each candidate's position what its own and the revisions that began earlier held up to the window's end
known as (
    select
        candidate.window_id,
        candidate.lead_id,
        candidate.pattern_id,
        candidate.position,
        candidate.value,
        minute.revision,
        minute.revision = candidate.revision as is_own,
        sum(minute.entry_count)::bigint as position_count,
        coalesce(sum(minute.entry_count) filter (minute.value = candidate.value), 0)::bigint as value_count
    from candidates as candidate
    inner join value_minutes as minute
        on candidate.service = minute.service
        and candidate.pattern_id = minute.pattern_id
        and candidate.position = minute.position
        and minute.minute_ns < candidate.to_ns
    inner join revisions as began
        on minute.service = began.service and minute.revision = began.revision
    where is_own
        or began.first_at < candidate.revision_first_at
    group by all
)

select
    candidate.* exclude (service, to_ns, revision_first_at),
    any_value(known.value_count) filter (known.is_own) as entry_count,
    any_value(known.position_count) filter (known.is_own) as revision_count,
    sum(known.position_count) filter (not known.is_own)::bigint as earlier_count,
    count(*) filter (not known.is_own) as earlier_revisions
from candidates as candidate
inner join known using (window_id, lead_id, pattern_id, position, value)
group by all
having earlier_count * entry_count >= 3 * revision_count
    -- a revision that began earlier may have taken the value up since
    and coalesce(sum(known.value_count) filter (not known.is_own), 0) = 0
