-- When clusters were seen, and how often what they are about happened. Grain: service, cluster, problem, revision,
-- severity, minute. `hours_so_far` (those that hold any) and `entries_so_far` add up over the cluster to this minute
-- and with it, so that what was known at any time is one row away.
-- A problem is a cluster without what is in it only because every start says it: each such pattern is a problem of its
-- own. An occurrence is told in entries of one instance with pauses of at most 15 s, as often as the commonest of its
-- patterns; where entries name their traces, in one trace. It counts once: in its first minute, if it took less than
-- one, with the greatest severity of its entries. `early_count` are occurrences in the first five minutes of an
-- instance, `failed_starts` the minutes in which the instances began that show it for the first time, and that early.
-- grain: service, cluster_id, problem_id, revision, severity, minute_ns
with

members as (
    select
        entry.service,
        cluster.cluster_id,
        if(cluster.reason = 'once a start', entry.pattern_id, cluster.cluster_id) as problem_id,
        entry.revision,
        entry.pattern_id,
        entry.event_id,
        entry.severity,
        entry.effective_severity,
        entry.instance_id,
        entry.trace,
        entry.entry_ns,
        entry.entry_key
    from ranked_entries as entry
    inner join pattern_clusters as cluster using (service, pattern_id)
),

traced as (
    select service, problem_id
    from members
    group by all
    having count(trace) >= 0.9 * count(*)
),

-- a number in place of long ids, which every window and group below would carry
streams as (
    select
        members.* exclude (trace),
        traced.problem_id is not null as is_traced,
        hash(
            members.service, members.problem_id, members.revision,
            if(traced.problem_id is not null, members.trace, members.instance_id)
        ) as stream
    from members
    left join traced using (service, problem_id)
),

marked as (
    select
        *,
        entry_ns - lag(entry_ns) over in_time > 15_000_000_000 is not false as starts_run
    from streams
    window in_time as (partition by stream order by entry_ns, entry_key)
),

numbered as (
    select
        *,
        sum(starts_run::int) over (partition by stream order by entry_ns, entry_key)::bigint as run
    from marked
),

runs as (
    select
        stream,
        run,
        max(severity) as severity,
        min(entry_ns) as run_first_ns,
        max(entry_ns) - min(entry_ns) < 60_000_000_000 as is_short
    from numbered
    group by stream, run
),

placed as (
    select
        numbered.* exclude (severity, starts_run),
        runs.severity,
        runs.run_first_ns,
        numbered.entry_ns // 60_000_000_000 * 60_000_000_000 as minute_ns,
        -- what took less than a minute counts in its first one
        if(runs.is_short, runs.run_first_ns, numbered.entry_ns) // 60_000_000_000 * 60_000_000_000 as told_ns
    from numbered
    inner join runs using (stream, run)
),

by_pattern as (
    select
        stream,
        run,
        pattern_id,
        told_ns,
        any_value(service) as service,
        any_value(cluster_id) as cluster_id,
        any_value(problem_id) as problem_id,
        any_value(revision) as revision,
        any_value(severity) as severity,
        bool_or(is_traced) as is_traced,
        any_value(run_first_ns) as run_first_ns,
        min(instance_id) as instance_id,
        count(*) filter (event_id is null) + count(distinct event_id) as event_count
    from placed
    group by stream, run, pattern_id, told_ns
),

occurrences as (
    select
        stream,
        run,
        told_ns,
        any_value(service) as service,
        any_value(cluster_id) as cluster_id,
        any_value(problem_id) as problem_id,
        any_value(revision) as revision,
        any_value(severity) as severity,
        bool_or(is_traced) as is_traced,
        any_value(run_first_ns) as run_first_ns,
        min(instance_id) as instance_id,
        if(bool_or(is_traced), 1, max(event_count)) as occurrence_count
    from by_pattern
    group by stream, run, told_ns
),

begun as (
    select
        one.*,
        one.told_ns as minute_ns,
        epoch_ns(start.first_at) // 60_000_000_000 * 60_000_000_000 as start_ns,
        not one.is_traced and one.told_ns - epoch_ns(start.first_at) <= 300_000_000_000 is true as is_early,
        is_early and one.run = 1 and one.told_ns <= one.run_first_ns as is_first
    from occurrences as one
    left join starts as start
        on one.service = start.service and one.instance_id = start.instance_id
),

counted as (
    select
        service,
        cluster_id,
        problem_id,
        revision,
        severity,
        minute_ns,
        sum(occurrence_count)::bigint as occurrence_count,
        coalesce(sum(occurrence_count) filter (is_early), 0)::bigint as early_count,
        list(start_ns order by start_ns) filter (is_first) as failed_starts
    from begun
    group by all
),

seen as (
    select
        service,
        cluster_id,
        problem_id,
        revision,
        severity,
        minute_ns,
        max(effective_severity) as effective_severity,
        count(*) as entry_count,
        count(*) filter (event_id is null) + count(distinct event_id) as event_count,
        min(entry_ns) as first_ns,
        max(entry_ns) as last_ns,
        min(instance_id) as smallest_instance_id,
        max(instance_id) as greatest_instance_id
    from placed
    group by all
)

select
    seen.*,
    coalesce(counted.occurrence_count, 0) as occurrence_count,
    coalesce(counted.early_count, 0) as early_count,
    coalesce(counted.failed_starts, []) as failed_starts,
    dense_rank() over (
        partition by seen.service, seen.cluster_id order by seen.minute_ns // 3_600_000_000_000
    ) as hours_so_far,
    sum(seen.entry_count) over (partition by seen.service, seen.cluster_id order by seen.minute_ns) as entries_so_far
from seen
left join counted using (service, cluster_id, problem_id, revision, severity, minute_ns)
