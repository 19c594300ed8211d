-- The cluster that a pattern is in, over the whole archive, with what its priority and state come from.
-- Grain: window, cluster. Parameter: pattern_id.
-- grain: window_id, lead_id
select
    cluster.window_id,
    cluster.lead_id,
    cluster.cluster_id,
    span.service,
    cluster.name,
    cluster.priority,
    cluster.priority_reasons,
    cluster.category,
    cluster.rule_category,
    coalesce(latest.state, 'quiet') as state,
    cluster.is_expected,
    cluster.entry_count,
    cluster.event_count,
    cluster.effective_severity::varchar as severity,
    cluster.first_ns,
    cluster.last_ns,
    cluster.minute_count,
    cluster.pause_ns,
    cluster.instance_count,
    instances.instance_count as all_instance_count,
    cluster.revision_count,
    cluster.trace_count,
    cluster.request_count,
    cluster.server_error_count,
    requests.request_count as all_request_count,
    users.user_count,
    change.change.verdict as verdict,
    change.change.ratio as ratio,
    change.change.ratio_lower as ratio_lower,
    change.change.ratio_upper as ratio_upper,
    change.change.revision as changed_revision,
    change.change.base_revision as base_revision
from clusters as cluster
inner join windows as span on cluster.window_id = span.window_id
inner join cluster_patterns as member
    on cluster.window_id = member.window_id and cluster.lead_id = member.lead_id
left join (
    select
        span.service,
        cluster.cluster_id,
        arg_max(cluster.state, (span.from_ns, -cluster.cluster_number)) as state,
        max(span.from_ns) as from_ns
    from clusters as cluster
    inner join windows as span using (window_id)
    group by all
) as latest
    on span.service = latest.service
    and cluster.cluster_id = latest.cluster_id
    and latest.from_ns = (select max(from_ns) from windows)
left join (
    select service, sum(request_count)::bigint as request_count from revision_minutes group by all
) as requests on span.service = requests.service
left join (
    select service, count(*) as instance_count from starts group by all
) as instances on span.service = instances.service
left join (
    select window_id, lead_id, count(distinct "user") as user_count from cluster_entries group by all
) as users on cluster.window_id = users.window_id and cluster.lead_id = users.lead_id
left join (
    select
        service,
        pattern_id,
        arg_max(
            {verdict: verdict, ratio: ratio, ratio_lower: ratio_lower, ratio_upper: ratio_upper,
                revision: revision, base_revision: base_revision},
            (target_last_ns, revision)
        ) as change
    from revision_changes
    group by all
) as change on span.service = change.service and cluster.lead_id = change.pattern_id
where member.pattern_id = $pattern_id
order by cluster.entry_count desc, span.from_ns asc, span.service asc, span.window_id asc
limit 1
