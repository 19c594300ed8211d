-- The times for which entries of a severity were collected: of each file what it covers, joined where they touch.
-- Grain: severity, span. Pauses between files of up to an hour are taken for quiet, not for missing. Of a collection
-- that was cut by severity it is unknown whether a severity without an entry was collected: it does not count as
-- covered.
-- grain: severity, from_ns
with

severities as (
    select unnest(enum_range(null::severity_name))::severity_name as severity
),

spans as (
    select
        severities.severity,
        coalesce(epoch_ns(max(cover.covered_from)), epoch_ns(any_value(file.first_at))) as from_ns,
        epoch_ns(any_value(file.last_at)) + 1 as to_ns
    from files as file
    cross join severities
    left join coverage as cover
        on file.path = cover.file and severities.severity = cover.severity and cover.is_severity_cut
    where file.first_at is not null
        and (
            not exists (from coverage as other where other.file = file.path and other.is_severity_cut)
            or exists (from coverage as other where other.file = file.path and other.severity = severities.severity)
        )
    group by severities.severity, file.file_id
),

marked as (
    select
        *,
        from_ns > 3_600_000_000_000 + max(to_ns) over (
            partition by severity order by from_ns, to_ns rows between unbounded preceding and 1 preceding
        ) is not false as is_apart
    from spans
),

numbered as (
    select
        *,
        sum(is_apart::int) over (partition by severity order by from_ns, to_ns) as span_number
    from marked
)

select
    severity,
    min(from_ns) as from_ns,
    max(to_ns) as to_ns
from numbered
group by severity, span_number
