-- Where a change sends requests: revisions with their share, the largest first; `latest` is whichever is made last.
-- Grain: log entry that says so.
-- grain: entry_at, entry_key
with

lists as (
    select entry_at, entry_key, coalesce(body -> '$.spec.traffic', body -> '$.traffic') as list
    from change_parts
    where part = 'object'
),

targets as (
    select entry_at, entry_key, unnest(from_json(list, '["json"]')) as target
    from lists
    where json_type(list) = 'ARRAY'
),

-- App Engine's, up to 1
bags as (
    select entry_at, entry_key, body -> '$.split.allocations' as bag
    from change_parts
    where part = 'object'
        and json_type(bag) = 'OBJECT'
),

shares as (
    select
        entry_at,
        entry_key,
        coalesce(
            target ->> '$.revisionName', regexp_extract(target ->> '$.revision', '([^/]+)$', 1), 'latest'
        ) as revision,
        try_cast(target ->> '$.percent' as double) as percent
    from targets
    union all
    select
        bags.entry_at,
        bags.entry_key,
        pair.key::varchar as revision,
        100 * try_cast(pair.value ->> '$' as double) as percent
    from bags,
        json_each(bags.bag) as pair
),

sums as (
    select entry_at, entry_key, revision, round(sum(percent))::int as percent
    from shares
    where percent > 0
        and percent <= 100
    group by all
)

select
    entry_at,
    entry_key,
    string_agg(revision || ' ' || percent || ' %', ', ' order by percent desc, revision asc) as traffic
from sums
group by all
