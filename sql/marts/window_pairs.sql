-- The last revision that is in a window, and the one before it, as far as they went when the window ended: the first 14
-- days of the one against the last 14 of the other, for what is further away says little about the change.
-- Grain: window that has both. Windows with the same sides share a `pair_id`, the smallest window's.
-- grain: window_id
with

ordered as (
    select
        service,
        revision,
        place_at,
        epoch_ns(first_at) as first_ns,
        epoch_ns(last_at) as last_ns,
        lag(revision) over in_time as base_revision,
        epoch_ns(lag(first_at) over in_time) as base_first_ns,
        epoch_ns(lag(last_at) over in_time) as base_last_ns
    from revisions_in_order()
    window in_time as (partition by service order by number)
),

latest as (
    select
        span.window_id,
        span.to_ns,
        arg_max(ordered, (ordered.place_at, ordered.revision)) as pair
    from windows as span
    inner join ordered
        on touches_window(span, ordered.service, ordered.revision, ordered.first_ns, ordered.last_ns)
    group by all
)

select
    window_id,
    pair.service as service,
    pair.base_revision as base_revision,
    least(pair.base_last_ns // 60_000_000_000 * 60_000_000_000 + 60_000_000_000, to_ns) as base_to_ns,
    greatest(
        pair.base_first_ns // 60_000_000_000 * 60_000_000_000, base_to_ns - 14 * 86_400_000_000_000
    ) as base_from_ns,
    pair.revision as target_revision,
    pair.first_ns // 60_000_000_000 * 60_000_000_000 as target_from_ns,
    least(
        pair.last_ns // 60_000_000_000 * 60_000_000_000 + 60_000_000_000,
        to_ns,
        target_from_ns + 14 * 86_400_000_000_000
    ) as target_to_ns,
    min(window_id) over (
        partition by service, base_revision, base_from_ns, base_to_ns, target_revision, target_to_ns
    ) as pair_id
from latest
where pair.base_revision is not null
