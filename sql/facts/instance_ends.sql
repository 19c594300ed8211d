-- Ends of instances and failed starts, as the platform and the server in the container tell them: entries of one
-- instance at most 30 s apart are one end. `before_ns` is the end before it on the same instance.
-- Grain: end.
-- grain: service, instance_id, end_number
with

tellings as (
    select
        entry.service,
        entry.revision,
        entry.instance_id,
        entry.entry_ns,
        entry.entry_key,
        entry.pattern_id,
        coalesce(trait.is_startup_failure, false) as is_startup
    from ranked_entries as entry
    inner join pattern_traits as trait
        on entry.service = trait.service and entry.pattern_id = trait.pattern_id
    where entry.instance_id is not null
        and not trait.is_request
        and (trait.ends_instance or trait.is_startup_failure)
),

marked as (
    select
        *,
        entry_ns - lag(entry_ns) over (in_time) > 30_000_000_000 is not false as is_first
    from tellings
    window in_time as (partition by service, instance_id order by entry_ns, entry_key)
),

numbered as (
    select
        *,
        sum(is_first::int) over (
            partition by service, instance_id order by entry_ns, entry_key
        )::bigint as end_number
    from marked
),

ends as (
    select
        service,
        instance_id,
        end_number,
        min(revision) as revision,
        min(entry_ns) as first_ns,
        max(entry_ns) as last_ns,
        bool_or(is_startup) as is_startup,
        list_sort(list(distinct pattern_id)) as pattern_ids
    from numbered
    group by all
)

select
    *,
    lag(last_ns) over (partition by service, instance_id order by end_number) as before_ns
from ends
