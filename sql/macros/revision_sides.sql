-- The revisions that a word means: `latest`, `previous` (the one that began before the other side's), a whole name, or
-- a part of it between hyphens or the start of one, such as `00711`. Grain: service, revision.
-- grain: service, revision
with

ordered as (
    select
        service,
        revision,
        epoch_ns(first_at) // 60_000_000_000 * 60_000_000_000 as from_ns,
        epoch_ns(last_at) // 60_000_000_000 * 60_000_000_000 + 60_000_000_000 as to_ns,
        number,
        count(*) over (partition by service) as revision_count
    from revisions_in_order()
),

others as (
    select
        service,
        min(number) as number
    from ordered
    where contains('-' || revision || '-', '-' || other || '-')
        or (other = 'latest' and number = revision_count)
    group by service
)

select
    ordered.service,
    ordered.revision,
    ordered.from_ns,
    ordered.to_ns
from ordered
left join others using (service)
where contains('-' || ordered.revision, '-' || word)
    or (word = 'latest' and ordered.number = ordered.revision_count)
    or (word = 'previous' and ordered.number = coalesce(others.number, ordered.revision_count) - 1)
-- a whole part before the start of one
qualify contains('-' || ordered.revision || '-', '-' || word || '-')
    = bool_or(contains('-' || ordered.revision || '-', '-' || word || '-')) over (partition by ordered.service)
