-- When rates of clusters changed, with the revision that went live nearest before. Grain: service, cluster, change.
-- grain: service, cluster_id, span_number
select
    change.service,
    change.cluster_id,
    change.span_number,
    span.focus,
    span.from_ns,
    change.rate_before,
    change.rate_after,
    change.spans_before,
    change.spans_after,
    change.rate_after / nullif(change.rate_before, 0) as ratio,
    change.ratio_lower,
    change.ratio_upper,
    change.dispersion,
    live.revision,
    live.first_ns as revision_first_ns
from change_points as change
inner join spans as span using (span_number)
asof left join (select service, revision, epoch_ns(first_at) as first_ns from revisions) as live
    on change.service = live.service and span.to_ns > live.first_ns
order by change.service, span.from_ns, change.cluster_id
