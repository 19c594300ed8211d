-- Entries by slot and by how grave they are, for a span that is chosen on the page. Grain: window, grade with entries.
-- `slots` are numbers from the window's first slot, which begins at `first_ns`; `counts` their entries.
-- grain: window_id, grade
with

minutes as (
    select
        span.window_id,
        epoch_ns(minute.minute) as minute_ns,
        unnest([
            {grade: 'critical', entry_count: minute.critical_count},
            {grade: 'error', entry_count: minute.error_count},
            {grade: 'warning', entry_count: minute.warning_count},
            {grade: 'notice', entry_count: minute.notice_count},
            {grade: 'info', entry_count: minute.info_count}
        ]) as counted
    from windows as span
    inner join revision_minutes as minute
        on is_in_window(span, minute.service, minute.revision, epoch_ns(minute.minute))
),

counts as (
    select
        slots.window_id,
        slots.slot_ns,
        slots.first_slot,
        slots.slot_count,
        minutes.counted.grade as grade,
        minutes.minute_ns // slots.slot_ns - slots.first_slot as slot,
        sum(minutes.counted.entry_count)::bigint as entry_count
    from minutes
    inner join window_slots as slots using (window_id)
    where minutes.counted.entry_count > 0
    group by all
)

select
    window_id,
    grade,
    slot_ns,
    slot_count,
    first_slot * slot_ns as first_ns,
    list(slot order by slot) as slots,
    list(entry_count order by slot) as counts
from counts
group by window_id, grade, slot_ns, slot_count, first_slot
order by list_position(['critical', 'error', 'warning', 'notice', 'info'], grade)
