-- Values at variable positions that the target has and the base never had, where at the target's share the base would
-- have shown three or more (the rule of three). Grain: pair, pattern, position, value.
-- grain: pair_id, pattern_id, position, value
with

counted as (
    select
        side.pair_id,
        value.pattern_id,
        value.position,
        value.value,
        any_value(value.name order by value.name) as name,
        coalesce(sum(value.entry_count) filter (not side.is_target), 0)::bigint as base_count,
        coalesce(sum(value.entry_count) filter (side.is_target), 0)::bigint as target_count,
        min(value.first_ns) filter (side.is_target) as first_ns
    from pair_sides(pairs) as side
    inner join value_minutes as value
        on is_on_side(side, value.service, value.revision, value.minute_ns)
    group by side.pair_id, value.pattern_id, value.position, value.value
),

totals as (
    select
        *,
        sum(base_count) over (partition by pair_id, pattern_id, position)::bigint as base_total,
        sum(target_count) over (partition by pair_id, pattern_id, position)::bigint as target_total
    from counted
)

select
    totals.*,
    pattern.template
from totals
inner join patterns as pattern using (pattern_id)
where totals.base_count = 0
    and totals.target_count >= 2
    and totals.base_total * totals.target_count >= 3 * totals.target_total
