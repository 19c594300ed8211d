-- Incidents: loose runs of one instance, or of one trace where there is none, that hold a failure, or the pieces of one
-- whose errors lie outside of what the collection covers. Grain: run. `lags_ms` count from the first entry.
-- grain: incident_id
with

failure_pieces as (
    select distinct link.service, link.member_id as pattern_id
    from pattern_links as link
    inner join pattern_traits as lead on link.service = lead.service and link.lead_id = lead.pattern_id
    where link.link = 'same'
        and lead.is_failure
        and link.reason <> 'once a start'
),

runs as (
    select
        run.service,
        min(run.revision) as revision,
        run.instance_id,
        run.run_number,
        min(run.first_ns) as started_ns,
        max(run.last_ns) as ended_ns,
        bool_or(run.is_failure) as has_failure,
        bool_or(piece.pattern_id is not null) as has_piece,
        sum(run.entry_count)::bigint as entry_count,
        list(run.pattern_id order by run.first_ns, run.pattern_id) as pattern_ids,
        list(run.first_ns order by run.first_ns, run.pattern_id) as first_times
    from run_patterns as run
    left join failure_pieces as piece
        on run.service = piece.service and run.pattern_id = piece.pattern_id
    where run.scope = 'loose'
    group by run.service, run.instance_id, run.run_number
)

select
    row_number() over (order by runs.started_ns, runs.service, runs.instance_id) as incident_id,
    runs.service,
    runs.revision,
    runs.instance_id,
    make_timestamp_ns(runs.started_ns) as started_at,
    make_timestamp_ns(runs.ended_ns) as ended_at,
    runs.entry_count,
    runs.pattern_ids,
    list_transform(runs.first_times, lambda first_ns: (first_ns - runs.started_ns) // 1_000_000) as lags_ms,
    not exists (
        select 1
        from error_spans as span
        where runs.service = span.service
            and runs.started_ns between span.covered_from_ns and span.file_last_ns
    ) or runs.ended_ns + 2_000_000_000 > (
        select max(span.file_last_ns)
        from error_spans as span
        where runs.service = span.service
    ) as is_cut,
    runs.run_number
from runs
where runs.has_failure
    or (runs.has_piece and is_cut)
