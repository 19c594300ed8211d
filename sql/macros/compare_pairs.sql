-- Pairs of sides compared pattern by pattern, or problem by problem: which came, went, got worse or better, and which
-- are too rare to tell. Grain: pair, subject. Parameter: subject, `pattern` or `problem` (see `side_minutes`).
-- Rate ratio with the exact conditional interval of 95 %, both counts divided by the dispersion; p of the same
-- distribution; q by Benjamini and Hochberg over the subjects of a pair.
-- A pattern that comes or goes while its cluster was there before or goes on is `reworded`, unless the cluster changed
-- by the count of all its patterns and by that of its commonest one: one failure may be written in one entry or in
-- several. What comes at the same time of most earlier days is neither new nor worse.
-- An episode that the base has nothing of is a burst, however much it lets counts vary: the dispersion widens the
-- interval of a rate, and an outage is none.
-- grain: pair_id, pattern_id
with

ratios as (
    select
        *,
        -- whatever the entries without payload would tell
        rate_ratio_lower(base_count + base_blanks, base_exposure, target_count, target_exposure, dispersion)
            as ratio_lower,
        rate_ratio_upper(base_count, base_exposure, target_count + target_blanks, target_exposure, dispersion)
            as ratio_upper,
        case
            when target_count * base_exposure > base_count * target_exposure then case
                when target_count * base_exposure <= (base_count + base_blanks) * target_exposure then 1.0
                else rate_ratio_p(base_count + base_blanks, base_exposure, target_count, target_exposure, dispersion)
            end
            when target_blanks > 0 and (target_count + target_blanks) * base_exposure >= base_count * target_exposure
                then 1.0
            else rate_ratio_p(base_count, base_exposure, target_count + target_blanks, target_exposure, dispersion)
        end as p
    from pair_counts(pairs, least_severity, subject)
),

ranked as (
    select
        *,
        p * count(p) over (partition by pair_id)
            / row_number() over (partition by pair_id order by p asc nulls last, pattern_id asc) as stepped
    from ratios
),

weighed as (
    select
        * exclude (stepped),
        case when p is not null then least(1.0, min(stepped) over (
            partition by pair_id order by p desc nulls first, pattern_id desc rows unbounded preceding
        )) end as q,
        case
            when base_count > 0 and base_exposure > 0 and target_exposure > 0
                then (target_count / target_exposure) / (base_count / base_exposure)
        end as ratio,
        -- not in a burst: in three minutes, or all along where no more are covered; not on one instance of several
        (base_minutes >= 3 or base_covered_minutes < 3 and base_span_ns >= 0.8e9 * base_covered_seconds)
            and (base_instances < 2 or coalesce(is_base_spread, true)) as is_base_persistent,
        (target_minutes >= 3 or target_covered_minutes < 3 and target_span_ns >= 0.8e9 * target_covered_seconds)
            and (target_instances < 2 or coalesce(is_target_spread, true)) as is_target_persistent,
        target_covered_minutes >= 3 as can_be_burst
    from ranked
),

clustered as (
    select
        weighed.*,
        cluster.cluster_id,
        (sum(base_count) over together)::bigint as base_all,
        (sum(target_count) over together)::bigint as target_all,
        max(base_count) over together as base_most,
        max(target_count) over together as target_most
    from weighed
    left join pattern_clusters as cluster
        on weighed.service = cluster.service and weighed.pattern_id = cluster.pattern_id
    window together as (
        partition by
            weighed.pair_id,
            -- what is together only because every start says it are problems of their own
            coalesce(if(cluster.reason = 'once a start', null, cluster.cluster_id), weighed.pattern_id),
            weighed.base_exposure > 0 and weighed.target_exposure > 0
    )
),

gated as (
    select
        *,
        gate_verdict(
            ratio_lower, ratio_upper, is_significant(q) and target_count >= 5, is_significant(q) and base_count >= 5
        ) as gate,
        direction_of(
            rate_ratio_lower(base_most, base_exposure, target_most, target_exposure, dispersion),
            rate_ratio_upper(base_most, base_exposure, target_most, target_exposure, dispersion)
        ) as most_direction,
        direction_of(
            rate_ratio_lower(base_all, base_exposure, target_all, target_exposure, dispersion),
            rate_ratio_upper(base_all, base_exposure, target_all, target_exposure, dispersion)
        ) as all_direction,
        coalesce(
            base_count + base_blanks = 0
            and target_stretches between 1 and 3
            and target_minutes >= 5
            and target_count >= 20
            and base_covered_minutes >= target_stretch_minutes
            and direction_of(rate_ratio_lower(0, base_exposure, target_count, target_exposure, 1.0), null) = 'more',
            false
        ) as is_episode
    from clustered
),

judged_alone as (
    select
        gated.*,
        if(
            (gate = 'worse' or is_episode or base_count = 0) and base_exposure > 0 and target_exposure > 0,
            habits.habit, null
        ) as told_habit,
        case
            when base_exposure = 0 or target_exposure = 0 then 'not collected'
            when told_habit is not null then 'same'
            when is_episode and (gate <> 'worse' or not is_target_persistent) then 'burst'
            when gate = 'worse' and not is_target_persistent then if(can_be_burst, 'burst', 'too little traffic')
            when gate = 'worse' and base_count + base_blanks = 0 then 'new'
            when gate = 'better' and not is_base_persistent then 'too little traffic'
            when gate = 'better' and target_count + target_blanks = 0 then 'gone'
            else gate
        end as own_verdict
    from gated
    left join daily_habits(pairs, least_severity, subject) as habits
        on gated.pair_id = habits.pair_id and gated.pattern_id = habits.pattern_id
),

judged as (
    select
        *,
        case
            when own_verdict = 'new' and base_all > 0
                then if(most_direction = 'more' and all_direction = 'more', 'worse', 'reworded')
            when own_verdict in ('gone', 'better') and target_all > target_count
                then if(most_direction = 'less' and all_direction = 'less', 'better', 'reworded')
            else own_verdict
        end as verdict
    from judged_alone
)

select
    judged.* exclude (
        is_base_spread, is_target_spread, is_base_persistent, is_target_persistent, can_be_burst, gate,
        base_severity, target_severity, ratio_upper, base_span_ns, target_span_ns, base_covered_seconds,
        target_covered_seconds, own_verdict, base_all, target_all, base_most, target_most,
        most_direction, all_direction, cluster_id, told_habit, is_episode,
        target_stretches, target_stretch_minutes
    ),
    -- without an event in the base there is no upper bound
    nullif(ratio_upper, 'infinity'::double) as ratio_upper,
    base_severity::varchar as base_severity,
    target_severity::varchar as target_severity,
    enum_code(greatest(base_severity, target_severity))::int * 100 as severity_number,
    nullif(concat_ws(
        '; ',
        told_habit,
        case
            when verdict = 'burst' and is_episode
                then format(
                    '{:,} in {} of {:,} min, none in {:,} {} of the base',
                    target_count,
                    if(target_stretches = 1, 'one stretch', target_stretches || ' stretches'),
                    target_stretch_minutes,
                    round(base_exposure)::bigint,
                    exposure_unit
                )
        end,
        if(told_habit is not null or (verdict = 'burst' and is_episode), null, change_reason(
            verdict, collected_severity::varchar, base_count, base_exposure, target_count, target_exposure,
            base_minutes, target_minutes, target_covered_minutes, ratio_lower, ratio_upper, q,
            base_blanks, target_blanks
        )),
        case
            when own_verdict in ('gone', 'better') and target_all > target_count
                then format('its cluster goes on: {:,} events of other patterns', target_all - target_count)
            when own_verdict = 'new' and base_all > base_count
                then format('its cluster was there: {:,} events of other patterns', base_all - base_count)
        end
    ), '') as reason,
    pattern.template,
    judged.cluster_id,
    -- worth reporting: what changed for sure, and what one side lacks where two or more were to be expected
    coalesce(
        is_change(verdict)
        or told_habit is not null
        or verdict in ('not collected', 'reworded')
        or (base_count = 0 and target_count * base_exposure / target_exposure / dispersion >= 2)
        or (target_count = 0 and base_count * target_exposure / base_exposure / dispersion >= 2),
        false
    ) as is_reportable,
    -- events above (or, negative, below) what the base's rate would give
    round(target_count - base_count * target_exposure / nullif(base_exposure, 0), 1) as excess_count
from judged
inner join patterns as pattern on judged.pattern_id = pattern.pattern_id
