-- Slots of whole minutes over the covered part of a window, at most 720 (of a week each where that is not enough), for
-- choosing a span of it on the page. They begin at multiples of their length since 1970.
-- Grain: window with entries. `first_slot` is the number of the first since 1970.
-- grain: window_id
with

covered as (
    select
        span.window_id,
        min(epoch_ns(minute.minute)) // 60_000_000_000 as first_minute,
        max(epoch_ns(minute.minute)) // 60_000_000_000 as last_minute
    from windows as span
    inner join revision_minutes as minute
        on is_in_window(span, minute.service, minute.revision, epoch_ns(minute.minute))
    group by span.window_id
)

select
    window_id,
    coalesce(
        list_filter(
            [1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440],
            lambda minutes: last_minute // minutes - first_minute // minutes < 720
        )[1],
        10080
    ) * 60_000_000_000 as slot_ns,
    first_minute * 60_000_000_000 // slot_ns as first_slot,
    last_minute * 60_000_000_000 // slot_ns - first_slot + 1 as slot_count
from covered
