-- Revisions as the archive shows them. Grain: service, revision. `place` is the order in which they were deployed:
-- by the
-- number in the name, where Cloud Run gave all of a service's revisions one (`api-00054-abc`), else by the first entry.
-- grain: service, revision
with

minutes as (
    select
        service,
        revision,
        sum(entry_count)::bigint as entry_count,
        sum(error_count + critical_count)::bigint as error_count,
        sum(warning_count)::bigint as warning_count,
        sum(request_count)::bigint as request_count,
        sum(server_error_count)::bigint as server_error_count,
        count(*) as active_minutes,
        try_cast(regexp_extract(revision, '-([0-9]{5})-[a-z0-9]{3}$', 1) as int) as number
    from revision_minutes
    where revision <> ''
    group by all
),

spans as (
    select
        service,
        revision,
        min(first_at) as first_at,
        max(last_at) as last_at
    from pattern_minutes
    group by all
),

numbered as (
    select
        *,
        count(number) over (partition by service) = count(*) over (partition by service) as are_numbered
    from minutes
)

select
    numbered.service,
    numbered.revision,
    spans.first_at,
    spans.last_at,
    numbered.entry_count,
    numbered.error_count,
    numbered.warning_count,
    numbered.request_count,
    numbered.server_error_count,
    numbered.active_minutes,
    row_number() over (
        partition by numbered.service
        order by if(numbered.are_numbered, numbered.number, 0), spans.first_at, numbered.revision
    ) as place
from numbered
inner join spans on numbered.service = spans.service and numbered.revision = spans.revision
