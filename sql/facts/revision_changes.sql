-- Each revision compared with the one before it. Grain: service, revision, pattern.
-- grain: service, revision, pattern_id
with

ordered as (
    select
        service,
        revision,
        epoch_ns(first_at) // 60_000_000_000 * 60_000_000_000 as from_ns,
        epoch_ns(last_at) // 60_000_000_000 * 60_000_000_000 + 60_000_000_000 as to_ns,
        lag(revision) over in_time as base_revision,
        lag(from_ns) over in_time as base_from_ns,
        lag(to_ns) over in_time as base_to_ns
    from revisions_in_order()
    window in_time as (partition by service order by number)
),

adjacent as (
    select
        row_number() over (order by service, from_ns, revision) as pair_id,
        service,
        base_revision,
        base_from_ns,
        base_to_ns,
        revision as target_revision,
        from_ns as target_from_ns,
        to_ns as target_to_ns
    from ordered
    where base_revision is not null
)

select
    adjacent.base_revision,
    adjacent.target_revision as revision,
    changes.* exclude (pair_id)
from compare_pairs((select list(adjacent) from adjacent), 'NOTICE') as changes
inner join adjacent using (pair_id)
