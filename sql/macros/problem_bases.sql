-- What each problem is counted against (`basis`): `starts` where it happens at starts, `clock` where the platform does
-- it, `instances` where it happens beside requests, else `traffic`. Grain: service that is compared, problem.
-- At starts: nearly all occurrences lie in the first five minutes of three instances or more, in no request, and it is
-- a start that fails, or instances live longer than that, so that chance would not have it so. Beside requests: its
-- entries name no trace, where other messages of the service do.
-- grain: service, problem_id
with

traits as (
    select
        cluster.service,
        if(cluster.reason = 'once a start', cluster.pattern_id, cluster.cluster_id) as problem_id,
        bool_or(trait.kind = 'audit') filter (cluster.is_lead) as is_audit,
        bool_or(trait.is_request or trait.trace_count > 0) as is_of_requests,
        bool_or(coalesce(trait.is_startup_failure, false) or fatal.pattern_id is not null) as is_failed_start,
        coalesce(sum(trait.trace_count) filter (trait.kind in ('message', 'exception')), 0) as trace_count
    from (select distinct service as compared_service from pair_sides(pairs)) as compared
    inner join pattern_clusters as cluster on compared.compared_service = cluster.service
    inner join pattern_traits as trait
        on cluster.service = trait.service and cluster.pattern_id = trait.pattern_id
    left join fatal_patterns as fatal
        on cluster.service = fatal.service and cluster.pattern_id = fatal.pattern_id
    group by all
),

lives as (
    select service, median(epoch_ns(last_at) - epoch_ns(first_at)) as median_ns
    from starts
    group by all
),

early as (
    select
        service,
        problem_id,
        sum(early_count) >= 0.95 * sum(occurrence_count) as is_early,
        sum(len(failed_starts)) as start_count
    from cluster_minutes
    group by all
)

select
    traits.service,
    traits.problem_id,
    case
        when traits.is_audit then 'clock'
        when not traits.is_of_requests
            and early.is_early
            and early.start_count >= 3
            and (traits.is_failed_start or lives.median_ns >= 600_000_000_000) then 'starts'
        when not traits.is_of_requests
            and sum(traits.trace_count) over (partition by traits.service) >= 3 then 'instances'
        else 'traffic'
    end as basis
from traits
inner join early using (service, problem_id)
left join lives using (service)
