-- What each pattern said first in a window, and whether it said nothing else. Grain: window, pattern.
-- grain: window_id, pattern_id
with

said as (
    select
        entry.window_id,
        entry.pattern_id,
        entry.entry_ns,
        entry.entry_key,
        trim(coalesce(event.message, raw.message)) as text,
        -- of a stack trace what the exception says, else what stands behind time, level and logger
        case
            when entry.kind = 'exception' then coalesce(nullif(exception_text(text), ''), text)
            else statement(text)
        end as telling_text
    from window_entries as entry
    inner join raw_entries as raw on entry.entry_at = raw.entry_at and entry.entry_key = raw.entry_key
    left join trace_events as event on entry.event_id = event.event_id
    where raw.entry_at >= make_timestamp_ns($from_ns)
        and raw.entry_at < make_timestamp_ns($to_ns)
)

select
    window_id,
    pattern_id,
    arg_min(text, (entry_ns, entry_key)) as message,
    min(hash(telling_text)) = max(hash(telling_text)) as is_same
from said
group by window_id, pattern_id
