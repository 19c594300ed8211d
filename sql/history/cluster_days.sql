-- Clusters by the windows of a history, days mostly: what was counted and in which state they were, as known then.
-- Grain: service, window, cluster over the archive; those that are gone since a window stand in it with no entry.
-- grain: service, span_number, cluster_id
with

seen as (
    select
        kept.window_service as service,
        span.span_number,
        kept.cluster_id,
        arg_min(kept.name, kept.cluster_number) as name,
        min(kept.priority) as priority,
        arg_min(kept.state, kept.cluster_number) as state,
        arg_min(kept.state_before_end, kept.cluster_number) as state_before_end,
        sum(kept.entry_count)::bigint as entry_count,
        arg_min(kept.effective_severity::varchar, kept.cluster_number) as severity
    from kept_clusters as kept
    inner join spans as span
        on epoch_ns(kept.window_from_at) = span.from_ns
        and epoch_ns(kept.window_to_at) = span.to_ns
        and (span.service is null or kept.window_service = span.service)
        and span.revision is not distinct from kept.window_revision
    group by all
),

resolved as (
    select
        kept.window_service as service,
        span.span_number,
        kept.cluster_id,
        any_value(kept.name) as name,
        'resolved' as state,
        'resolved' as state_before_end,
        0::bigint as entry_count
    from kept_resolved_clusters as kept
    inner join spans as span
        on epoch_ns(kept.window_from_at) = span.from_ns
        and epoch_ns(kept.window_to_at) = span.to_ns
        and (span.service is null or kept.window_service = span.service)
        and span.revision is not distinct from kept.window_revision
    group by all
),

both_kinds as (
    from seen
    union all by name
    from resolved
)

select
    both_kinds.service,
    span.focus,
    make_timestamp_ns(span.from_ns) as window_from_at,
    make_timestamp_ns(span.to_ns) as window_to_at,
    both_kinds.span_number,
    both_kinds.cluster_id,
    both_kinds.name,
    both_kinds.priority,
    both_kinds.severity,
    both_kinds.state,
    both_kinds.state_before_end,
    both_kinds.entry_count
from both_kinds
inner join spans as span using (span_number)
