-- What each rule matches over the archive, in the order in which they are asked. Grain: rule.
-- `told_count` counts the entries of patterns whose name the rule gives.
-- grain: position
with

named as (
    select
        service,
        pattern_id,
        name_rule_id as rule_id
    from pattern_traits
    where name_rule_id is not null
)

select
    rule.position,
    any_value(rule.rule_id) as rule_id,
    any_value(rule.source) as source,
    any_value(rule.name) as name,
    any_value(rule.priority) as priority,
    count(matched.pattern_id) as pattern_count,
    coalesce(sum(trait.entry_count), 0)::bigint as entry_count,
    coalesce(sum(trait.entry_count) filter (named.pattern_id is not null), 0)::bigint as told_count,
    arg_min(trait.template, (-trait.entry_count, trait.service, trait.pattern_id)) as template
from rules as rule
left join pattern_rules as matched on rule.position = matched.position
left join pattern_traits as trait on matched.service = trait.service and matched.pattern_id = trait.pattern_id
left join named
    on matched.service = named.service and matched.pattern_id = named.pattern_id and rule.rule_id = named.rule_id
group by rule.position
order by rule.position
