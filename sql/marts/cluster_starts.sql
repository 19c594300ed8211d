-- The share of starts that show a cluster, and how many came since. A start counts where its instance is seen for as
-- long as the cluster ever took to show; one since, where the severity was collected when it began.
-- Grain: window, cluster that instances show.
-- grain: window_id, lead_id
with

placed as (
    select
        counts.window_id,
        counts.lead_id,
        counts.severity,
        counts.last_ns,
        span.service,
        span.revision,
        span.from_ns,
        span.to_ns
    from cluster_counts as counts
    inner join windows as span using (window_id)
),

shown as (
    select
        entry.window_id,
        member.lead_id,
        entry.service,
        entry.instance_id,
        min(entry.entry_ns) as first_ns
    from window_entries as entry
    inner join cluster_patterns as member using (window_id, pattern_id)
    where entry.instance_id is not null
    group by all
),

instances as (
    select
        shown.window_id,
        shown.lead_id,
        count(*) as instance_count,
        min(epoch_ns(start.first_at)) as first_start_ns,
        max(shown.first_ns - epoch_ns(start.first_at)) as lag_ns
    from shown
    inner join starts as start
        on shown.service = start.service
        and shown.instance_id = start.instance_id
    group by shown.window_id, shown.lead_id
)

select
    placed.window_id,
    placed.lead_id,
    -- what one start showed is no share of starts
    case
        when any_value(instances.instance_count) >= 2
            then least(
                any_value(instances.instance_count)
                / nullif(count(*) filter (epoch_ns(start.first_at) <= placed.last_ns), 0),
                1.0
            )
    end as start_share,
    count(*) filter (epoch_ns(start.first_at) > placed.last_ns and gap.minute_ns is null) as starts_since
from placed
inner join instances using (window_id, lead_id)
inner join starts as start
    on is_in_window(placed, start.service, start.revision, epoch_ns(start.first_at))
    and epoch_ns(start.first_at) >= instances.first_start_ns
    and least(epoch_ns(start.last_at), placed.to_ns) - epoch_ns(start.first_at) >= instances.lag_ns
left join uncovered_minutes as gap
    on placed.service = gap.service
    and placed.severity = gap.severity
    and epoch_ns(start.first_at) // 60_000_000_000 * 60_000_000_000 = gap.minute_ns
    and gap.missing_ns > 30_000_000_000
group by placed.window_id, placed.lead_id
