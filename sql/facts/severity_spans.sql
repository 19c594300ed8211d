-- The times for which entries of a severity were collected of a service: what each file that holds entries of it
-- covers, joined where they touch. Grain: service, severity of one of its entries, span. Pauses between files of up to
-- an hour are taken for quiet, not for missing. A file tells nothing of severities below the lowest that it holds: its
-- filter may leave them out. Of a collection that was cut by severity it is unknown whether a severity without an entry
-- was collected: it does not count as covered.
-- grain: service, severity, from_ns
with

severities as (
    select distinct service, severity
    from pattern_minutes
),

held as (
    select distinct service, file_id
    from file_minutes
),

limits as (
    select file_id, min(severity) as lowest, bool_or(is_severity_cut) as is_cut
    from coverage
    group by file_id
),

spans as (
    select
        held.service,
        severities.severity,
        epoch_ns(coalesce(cover.covered_from, file.first_at)) as from_ns,
        epoch_ns(file.last_at) + 1 as to_ns
    from held
    inner join files as file on held.file_id = file.file_id
    inner join limits on held.file_id = limits.file_id
    inner join severities
        on held.service = severities.service
        and limits.lowest <= severities.severity
    left join coverage as cover
        on held.file_id = cover.file_id
        and severities.severity = cover.severity
    where file.first_at is not null
        and (not limits.is_cut or cover.severity is not null)
),

marked as (
    select
        *,
        from_ns > 3_600_000_000_000 + max(to_ns) over (
            partition by service, severity order by from_ns, to_ns rows between unbounded preceding and 1 preceding
        ) is not false as is_apart
    from spans
),

numbered as (
    select
        *,
        sum(is_apart::int) over (partition by service, severity order by from_ns, to_ns) as span_number
    from marked
)

select
    service,
    severity,
    min(from_ns) as from_ns,
    max(to_ns) as to_ns
from numbered
group by service, severity, span_number
