-- The patterns that a word may mean: by id, by an id it had, by one of its shapes, by the start of an id, by text, or
-- by the name of the cluster it leads.
-- Grain: pattern; the surest way of meaning it first. Parameter: word.
-- grain: pattern_id
with

ways as (
    select pattern_id, 1 as way from patterns where pattern_id = $word
    union all
    select pattern_id, 1 as way from pattern_aliases where old_id = $word
    union all
    select pattern_id, 1 as way from shapes where shape_id = $word
    union all
    select pattern_id, 2 as way from patterns where starts_with(pattern_id, lower($word))
    union all
    select pattern_id, 3 as way from patterns where contains(lower(template), lower($word))
    union all
    select trait.pattern_id, 4 as way
    from pattern_traits as trait
    inner join pattern_clusters as cluster
        on trait.service = cluster.service and trait.pattern_id = cluster.pattern_id and cluster.is_lead
    where contains(lower(trait.rule_name), lower($word))
)

select
    ways.pattern_id,
    min(ways.way) as way,
    any_value(pattern.template) as template,
    any_value(pattern.entry_count) as entry_count
from ways
inner join patterns as pattern on ways.pattern_id = pattern.pattern_id
group by ways.pattern_id
order by way asc, entry_count desc, ways.pattern_id asc
