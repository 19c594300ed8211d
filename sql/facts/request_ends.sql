-- Failed requests beside the run of failures that they ended with: a request ends at its time plus its
-- latency, which says more than when it began. On the same instance where the request names one, else
-- in the same revision. Grain: failed request of NOTICE and above; no run: no match.
-- grain: entry_ns, entry_key
with

failed as (
    select
        entry.*,
        coalesce(entry.instance_id, entry.revision) as place
    from ranked_entries as entry
    where entry.kind = 'request'
        and entry.http_status >= 400
),

runs as (
    select *, instance_id as place
    from run_ends
    where is_failure
    union all by name
    select *, revision as place
    from run_ends
    where is_failure
),

-- the run that began last before the request ended
nearest as (
    select
        failed.service,
        failed.pattern_id,
        failed.revision,
        failed.instance_id,
        failed.entry_ns,
        failed.ended_ns,
        failed.entry_key,
        runs.instance_id as run_instance_id,
        runs.run_number,
        runs.ended_ns as run_ended_ns
    from failed
    asof left join runs
        on failed.service = runs.service
        and failed.place = runs.place
        and failed.ended_ns >= runs.started_ns
)

select
    *,
    ended_ns - run_ended_ns as lag_ns,
    coalesce(ended_ns - run_ended_ns between -15_000_000_000 and 5_000_000_000, false) as is_after_run
from nearest
