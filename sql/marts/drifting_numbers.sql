-- Numbers that drift while a cluster of P0 to P2 begins: the medians of both ends, each a fifth of the values and five
-- at least, lie apart by a quarter of the greater one, and the rank correlation with time is 0.7 or more and no chance.
-- Grain: window, pattern, field. `number_drifts` has the correlations with their p-values, after all series tried.
-- `cluster_number` is the most urgent cluster that begins between the first value and ten minutes after the last.
-- grain: window_id, pattern_id, field
with

placed as (
    select
        *,
        count(*) over series as value_count,
        greatest(5, value_count // 5) as end_count
    from number_series
    window series as (partition by window_id, pattern_id, field)
),

measured as (
    select
        window_id,
        pattern_id,
        field,
        count(*) as value_count,
        any_value(end_count) as end_count,
        min(entry_ns) as first_ns,
        max(entry_ns) as last_ns,
        median(number) filter (place <= end_count) as first_median,
        median(number) filter (place > value_count - end_count) as last_median
    from placed
    group by window_id, pattern_id, field
),

beginning as (
    select
        measured.window_id,
        measured.pattern_id,
        measured.field,
        min(cluster.cluster_number) as cluster_number
    from measured
    inner join clusters as cluster
        on measured.window_id = cluster.window_id
        and cluster.priority <= 'P2'
        and not cluster.is_expected
        and cluster.first_ns > measured.first_ns
        and cluster.first_ns <= measured.last_ns + 600_000_000_000
    group by all
)

select
    measured.*,
    pattern.template,
    drift.correlation,
    drift.p,
    beginning.cluster_number
from measured
inner join number_drifts as drift using (window_id, pattern_id, field)
inner join beginning using (window_id, pattern_id, field)
inner join patterns as pattern on measured.pattern_id = pattern.pattern_id
where is_significant(drift.p)
    and abs(drift.correlation) >= 0.7
    and measured.last_ns - measured.first_ns >= 300_000_000_000
    and abs(measured.last_median - measured.first_median)
    >= 0.25 * greatest(abs(measured.first_median), abs(measured.last_median))
