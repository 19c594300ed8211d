-- Events of each cluster's lead by span, with zeros, against what every span of the service has: requests where
-- successes are logged, else minutes of instances, else minutes. Grain: service, cluster, span with any entry.
-- grain: service, cluster_id, span_number
with

minutes as (
    select
        minute.service,
        span.span_number,
        sum(minute.request_count)::bigint as request_count,
        sum(minute.success_count)::bigint as success_count,
        sum(minute.instance_count)::bigint as instance_minutes,
        count(distinct minute.minute) as minute_count
    from revision_minutes as minute
    inner join spans as span
        on is_in_span(span, minute.service, minute.revision, epoch_ns(minute.minute))
    group by all
),

exposures as (
    select
        service,
        span_number,
        case
            when min(success_count) over (partition by service) > 0 then request_count
            when min(instance_minutes) over (partition by service) > 0 then instance_minutes
            else minute_count
        end as exposure
    from minutes
),

counts as (
    select
        minute.service,
        minute.pattern_id as cluster_id,
        span.span_number,
        sum(minute.event_count)::bigint as event_count
    from pattern_minutes as minute
    inner join pattern_clusters as cluster
        on minute.service = cluster.service and minute.pattern_id = cluster.pattern_id and cluster.is_lead
    inner join spans as span
        on is_in_span(span, minute.service, minute.revision, epoch_ns(minute.minute))
    where minute.effective_severity >= 'NOTICE'::severity_name
    group by all
)

select
    cluster.service || ' ' || cluster.cluster_id as series,
    cluster.service,
    cluster.cluster_id,
    exposures.span_number,
    coalesce(counts.event_count, 0)::double as event_count,
    exposures.exposure::double as exposure
from (select service, cluster_id from counts group by all having sum(event_count) >= 10) as cluster
inner join exposures using (service)
left join counts
    on cluster.service = counts.service
    and cluster.cluster_id = counts.cluster_id
    and exposures.span_number = counts.span_number
order by cluster.service, cluster.cluster_id, exposures.span_number
