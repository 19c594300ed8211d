-- Where entries come from, each with the service's name as all other relations have it: the short name where it is the
-- only one in the archive, else with what tells it apart, as in `api (job)` or `api (europe-west1)`. Grain: source.
-- grain: source_id
with

-- a value that is missing tells nothing apart
counts as (
    select
        service,
        count(distinct nullif(kind, '')) + max(if(kind = '', 1, 0)) as kinds,
        count(distinct nullif(project, '')) as projects
    from sources
    group by service
),

places as (
    select
        service,
        kind,
        project,
        count(distinct nullif(place, '')) as places
    from sources
    group by service, kind, project
)

select
    source.* exclude (service),
    source.service as short_name,
    coalesce(
        source.service || ' (' || nullif(concat_ws(
            ', ',
            if(counts.kinds > 1, nullif(source.kind, ''), null),
            if(counts.projects > 1, nullif(source.project, ''), null),
            if(places.places > 1, nullif(source.place, ''), null)
        ), '') || ')',
        source.service
    ) as service
from sources as source
inner join counts on source.service = counts.service
inner join places
    on source.service = places.service
    and source.kind = places.kind
    and source.project = places.project
