-- Which change an audit entry belongs to: the entries of one operation are one, and what the platform reports within 15
-- minutes belongs to the act before it, told by the template's nonce where that is known.
-- Grain: log entry; a change has the time and key of its first one. Reports of what no known act caused are a change of
-- their own where they tell of a failure or of a revision just made.
-- grain: entry_at, entry_key
with

acts as (
    select
        entry_at,
        entry_key,
        service,
        nonce,
        verb,
        first(entry_at) over operation as change_at,
        first(entry_key) over operation as change_key,
        first(failure) over operation as refusal
    from change_entries
    where not is_event
    window operation as (
        partition by service, coalesce(operation_id, entry_key::varchar) order by entry_at, entry_key
    )
),

causes as (
    select service, nonce, change_at, change_key
    from acts
    where entry_at = change_at
        and entry_key = change_key
        and refusal is null
        and verb <> 'delete'
),

by_nonce as (
    select service, nonce, min(change_at) as change_at, arg_min(change_key, change_at) as change_key
    from causes
    where nonce is not null
    group by all
),

by_time as (
    select service, change_at, min(change_key) as change_key
    from causes
    group by all
),

events as (
    select
        *,
        coalesce(least(revision_made_at, entry_at) + interval 2 second, entry_at)::timestamp_ns as until_at
    from change_entries
    where is_event
),

caused as (
    select
        event.entry_at,
        event.entry_key,
        event.service,
        coalesce(known.change_at, near.change_at) as change_at,
        coalesce(known.change_key, near.change_key) as change_key,
        event.failure is not null
        or coalesce(event.entry_at - event.revision_made_at <= interval 15 minute, false) as tells
    from events as event
    left join by_nonce as known
        on event.service = known.service
        and event.nonce = known.nonce
        and event.entry_at - known.change_at between interval 0 minute and interval 15 minute
    asof left join by_time as near
        on event.service = near.service
        and event.until_at >= near.change_at
),

told as (
    select
        *,
        change_at is not null and entry_at - change_at <= interval 15 minute as is_caused
    from caused
),

alone as (
    select *, lag(entry_at) over (partition by service order by entry_at, entry_key) as before_at
    from told
    where not is_caused
        and tells
),

orphans as (
    select
        entry_at,
        entry_key,
        service,
        count(*) filter (before_at is null or entry_at - before_at > interval 1 minute)
            over (partition by service order by entry_at, entry_key) as number
    from alone
)

select entry_at, entry_key, service, change_at, change_key from acts
union all
select entry_at, entry_key, service, change_at, change_key from told where is_caused
union all
select
    entry_at,
    entry_key,
    service,
    first(entry_at) over one as change_at,
    first(entry_key) over one as change_key
from orphans
window one as (partition by service, number order by entry_at, entry_key)
