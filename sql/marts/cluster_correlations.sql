-- Two clusters of a window that occur in the same minutes more often than by chance.
-- Grain: window, cluster, other cluster.
-- `lift` is the share of the cluster's minutes that hold the other by the share of all minutes that do; its interval
-- is the exact one of the first share. Kept where the p-value, times the number of pairs, stays below 0.05.
-- grain: window_id, lead_id, other_id
with

minutes as (
    select distinct
        entry.window_id,
        member.lead_id,
        entry.entry_ns // 60_000_000_000 as minute
    from window_entries as entry
    inner join cluster_patterns as member using (window_id, pattern_id)
),

totals as (
    select window_id, lead_id, count(*) as minute_count
    from minutes
    group by all
    having count(*) >= 5
),

service_totals as (
    select
        span.window_id,
        count(distinct minute.minute) as minute_count
    from windows as span
    inner join revision_minutes as minute
        on is_in_window(span, minute.service, minute.revision, epoch_ns(minute.minute))
    group by all
),

pairs as (
    select
        one.window_id,
        one.lead_id,
        other.lead_id as other_id,
        count(*) as both_count
    from minutes as one
    inner join minutes as other
        on one.window_id = other.window_id and one.minute = other.minute and one.lead_id <> other.lead_id
    group by all
    having count(*) >= 3
),

weighed as (
    select
        pairs.*,
        own.minute_count as own_count,
        other.minute_count as other_count,
        service.minute_count as all_count,
        (pairs.both_count / own_count) / (other_count / all_count) as lift,
        share_lower(own_count, pairs.both_count / own_count) / (other_count / all_count) as lift_lower,
        share_upper(own_count, pairs.both_count / own_count) / (other_count / all_count) as lift_upper,
        rate_ratio_p(other_count - pairs.both_count, all_count - own_count, pairs.both_count, own_count, 1.0)
            * (count(*) over (partition by pairs.window_id)) as p_of_all
    from pairs
    inner join totals as own on pairs.window_id = own.window_id and pairs.lead_id = own.lead_id
    inner join totals as other on pairs.window_id = other.window_id and pairs.other_id = other.lead_id
    inner join service_totals as service on pairs.window_id = service.window_id
)

select *
from weighed
where is_significant(p_of_all)
    and lift_lower >= 2
