-- Values that stand out in a cluster's events, against other events that have the field too: of labels, instance,
-- location, revision, user, method, endpoint, payload fields and named variables.
-- Grain: window, cluster, field, value. Shares are of units that have the field. `own_lower` is the lower bound of the
-- exact interval of the share here, `other_upper` the upper one of the share elsewhere. `p` is that of so many here at
-- the share elsewhere, taken at its upper bound, after all values tried in the window. Told where the bounds lie apart
-- by half, and others have the value as well: what no other event says is what the cluster is about.
-- grain: window_id, lead_id, field, value
with

leaves as (
    select
        event.window_id,
        event.lead_id,
        event.is_own,
        event.unit,
        regexp_replace(leaf.fullkey, '^\$\.', '') as field,
        leaf.atom ->> '$' as value
    from side_events as event,
        json_tree(event.payload) as leaf
    where leaf.atom is not null
        and leaf.type <> 'NULL'
        and leaf.fullkey <> '$'
        and not contains(leaf.fullkey, '[')
),

labels as (
    select
        event.window_id,
        event.lead_id,
        event.is_own,
        event.unit,
        'label ' || label.key as field,
        label.atom ->> '$' as value
    from side_events as event,
        json_each(event.labels) as label
    where label.atom is not null
        and lower(label.key) not in ('instanceid', 'instance_id')
),

variables as (
    select
        window_id,
        lead_id,
        is_own,
        unit,
        variable.name as field,
        variable.value as value
    from (
        select
            event.*,
            unnest(from_json(
                template_values(pattern.template, event.message),
                '[{"name": "VARCHAR", "value": "VARCHAR"}]'
            )) as variable
        from side_events as event
        inner join patterns as pattern using (pattern_id)
    ) as found
    where variable.name <> ''
),

places as (
    select
        window_id,
        lead_id,
        is_own,
        unit,
        -- `field` and `value`
        unnest([ -- noqa: AL03
            {field: 'instance', value: instance_id},
            {field: 'location', value: location},
            {field: 'revision', value: revision},
            {field: 'user', value: "user"},
            -- a cluster of one endpoint's requests is named by it
            {field: 'method', value: if(is_request_line, null, http_method)},
            {field: 'endpoint', value: if(is_request_line, null, endpoint(http_method, http_url))}
        ], recursive := true)
    from side_events
),

said as (
    select *
    from leaves
    union all
    select *
    from labels
    union all
    select *
    from variables
    union all
    select *
    from places
),

counted as (
    select
        window_id,
        lead_id,
        field,
        value,
        count(distinct unit) filter (is_own) as own_count,
        count(distinct unit) filter (not is_own) as other_count
    from said
    where value <> ''
        and len(value) <= 200
        -- what kind of event it is, and how it ended, differs by itself
        and not regexp_matches(
            lower(field),
            '(^|[._ -])(message|msg|text|time|timestamp|ts|level|levelname|severity|logger|name|module|component|'
            || 'function|file|filename|line|lineno|thread|pid|event|action|step|operation|task|type|kind|code|status|'
            || 'state|result|outcome|success|ok|error|err|exception|reason|cause|stack|traceback|duration|elapsed|'
            || 'latency|took)($|[._ -]|_(code|name|id|ms|type|message)$)|validation'
        )
    group by window_id, lead_id, field, value
),

totals as (
    select
        window_id,
        lead_id,
        field,
        count(distinct unit) filter (is_own) as own_total,
        count(distinct unit) filter (not is_own) as other_total
    from said
    where value <> ''
    group by window_id, lead_id, field
),

weighed as (
    select
        counted.*,
        total.own_total,
        total.other_total,
        counted.own_count / total.own_total as own_share,
        counted.other_count / total.other_total as other_share,
        share_lower(total.own_total, own_share) as own_lower,
        share_upper(total.own_total, own_share) as own_upper,
        share_upper(total.other_total, other_share) as other_upper,
        count(*) over (partition by counted.window_id) as tried_count
    from counted
    inner join totals as total using (window_id, lead_id, field)
    where total.own_total >= 5
        and total.other_total >= 10
        and counted.own_count >= 3
)

select
    * exclude (tried_count),
    least(1.0, tried_count * rate_ratio_p(
        own_total - own_count, 1 - other_upper, own_count, other_upper, 1.0
    )) as p
from weighed
where other_count > 0
    and other_upper < 1
    and own_lower >= 1.5 * other_upper
    and is_significant(p)
