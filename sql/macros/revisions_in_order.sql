-- Revisions with their place among those of their service. Cloud Run numbers them (`api-00054-aaa`): of two that
-- overlap the smaller number is the older one, whichever wrote first. All others are in the order of their first
-- entries. Grain: service, revision.
-- grain: service, revision
with

named as (
    select
        service,
        revision,
        first_at,
        last_at,
        regexp_extract(revision, '^(.*)-(\d{5})-[a-z0-9]{3}$', 1) as name,
        regexp_extract(revision, '^(.*)-(\d{5})-[a-z0-9]{3}$', 2) as generation
    from revisions
),

-- after each older one that was there at the same time
placed as (
    select
        one.service,
        one.revision,
        one.first_at,
        one.last_at,
        greatest(one.first_at, max(older.first_at)) as place_at
    from named as one
    left join named as older
        on one.service = older.service
        and one.name = older.name
        and one.generation > older.generation
        and one.first_at <= older.last_at
        and one.last_at >= older.first_at
    group by one.service, one.revision, one.first_at, one.last_at
)

select
    service,
    revision,
    first_at,
    last_at,
    place_at,
    row_number() over (partition by service order by place_at, revision) as number
from placed
