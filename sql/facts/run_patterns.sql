-- Runs: entries of one instance close in time, WARNING and above, requests and audits left aside. Where entries name no
-- instance, of one trace: its id stands in place of the instance's, after the word `trace`.
-- Grain: scope, run, pattern. Loose runs allow pauses of 15 s and leave out streams; tight ones allow 1 s.
-- grain: scope, service, instance_id, run_number, pattern_id
with

scopes (scope, pause_ns) as (
    values ('tight', 1_000_000_000), ('loose', 15_000_000_000)
),

-- numbers in place of the long ids of instances, which every window and group below would carry
streams as (
    select
        *,
        row_number() over () as stream
    from (
        select distinct service, coalesce(instance_id, 'trace ' || trace) as instance_id
        from ranked_entries
        where instance_id is not null or trace is not null
    ) as known
),

entries_of_runs as (
    select
        scopes.scope,
        scopes.pause_ns,
        streams.stream,
        entry.revision,
        entry.pattern_id,
        entry.entry_ns,
        entry.entry_key,
        trait.is_failure
    from ranked_entries as entry
    inner join pattern_traits as trait
        on entry.service = trait.service and entry.pattern_id = trait.pattern_id
    inner join streams
        on entry.service = streams.service
        and coalesce(entry.instance_id, 'trace ' || entry.trace) = streams.instance_id
    cross join scopes
    where entry.effective_severity >= 'WARNING'::severity_name
        and trait.kind in ('message', 'exception')
        and not trait.expected
        and not (scopes.scope = 'loose' and trait.is_stream)
),

marked as (
    select
        *,
        entry_ns - lag(entry_ns) over (in_time) > pause_ns is not false as starts_run
    from entries_of_runs
    window in_time as (partition by scope, stream order by entry_ns, entry_key)
),

numbered as (
    select
        *,
        sum(starts_run::int) over (partition by scope, stream order by entry_ns, entry_key) as run_number
    from marked
),

runs as (
    select
        scope,
        stream,
        run_number,
        pattern_id,
        min(revision) as revision,
        bool_or(is_failure) as is_failure,
        min(entry_ns) as first_ns,
        max(entry_ns) as last_ns,
        count(*) as entry_count
    from numbered
    group by scope, stream, run_number, pattern_id
)

select
    runs.scope,
    streams.service,
    runs.revision,
    streams.instance_id,
    runs.run_number,
    runs.pattern_id,
    runs.is_failure,
    runs.first_ns,
    runs.last_ns,
    runs.entry_count
from runs
inner join streams on runs.stream = streams.stream
