-- Every id by which an issue may name a cluster: its own, those of its patterns and of their shapes, what either was
-- called before, and hashes of templates. A pattern is called after the first of its shapes that an archive holds, so
-- its id is another one in an archive of other days; its template and most shapes are the same.
-- Grain: service, id. `place` is the order in which a cluster's ids are worth to be remembered: of each kind the best
-- first, then the second; what it was called before last.
-- grain: service, known_id
with

members as (
    select
        cluster.service,
        cluster.cluster_id,
        cluster.pattern_id,
        cluster.pattern_id = cluster.cluster_id as is_lead,
        pattern.template,
        pattern.entry_count
    from pattern_clusters as cluster
    inner join patterns as pattern using (pattern_id)
),

named as (
    select
        service,
        pattern_id as known_id,
        cluster_id,
        entry_count,
        'pattern' as kind,
        if(is_lead, 0, 1) as distance
    from members
    union all
    select
        member.service,
        alias.old_id as known_id,
        member.cluster_id,
        member.entry_count,
        'before' as kind,
        2 as distance
    from pattern_aliases as alias
    inner join members as member using (pattern_id)
    union all
    select
        member.service,
        shape.shape_id as known_id,
        member.cluster_id,
        member.entry_count,
        'shape' as kind,
        if(member.is_lead, 3, 4) as distance
    from shapes as shape
    inner join members as member using (pattern_id)
    union all
    -- of a template with hardly a word many patterns could be
    select
        service,
        left(md5(template), 16) as known_id,
        cluster_id,
        entry_count,
        'template' as kind,
        if(is_lead, 5, 6) as distance
    from members
    where length(regexp_replace(template, '<[^<>]*>|[^\p{L}]', '', 'g')) >= 12
),

meant as (
    select
        service,
        known_id,
        arg_min(cluster_id, (distance, cluster_id)) as cluster_id,
        arg_min(kind, (distance, cluster_id)) as kind,
        arg_min(entry_count, (distance, cluster_id)) as entry_count,
        min(distance) as distance
    from named
    group by service, known_id
),

ordered as (
    select
        *,
        row_number() over (
            partition by service, cluster_id, kind order by distance asc, entry_count desc, known_id asc
        ) as place_in_kind
    from meant
)

select
    service,
    known_id,
    cluster_id,
    row_number() over (
        partition by service, cluster_id order by (kind = 'before')::int, place_in_kind, distance, known_id
    ) as place
from ordered
order by service, cluster_id, place
