-- What each pattern said first in a window, and whether it still said the same last. Grain: window, pattern.
with

ends as (
    select
        window_id,
        pattern_id,
        arg_min((entry_at, entry_key), (entry_ns, entry_key)) as first_place,
        arg_min(event_id, (entry_ns, entry_key)) as first_event_id,
        arg_max((entry_at, entry_key), (entry_ns, entry_key)) as last_place,
        arg_max(event_id, (entry_ns, entry_key)) as last_event_id
    from window_entries
    group by all
),

places as (
    select window_id, pattern_id, true as is_first, first_place as place, first_event_id as event_id from ends
    union all
    select window_id, pattern_id, false, last_place, last_event_id from ends
),

texts as (
    select
        places.window_id,
        places.pattern_id,
        places.is_first,
        trim(coalesce(event.message, raw.message)) as text,
        coalesce(nullif(exception_text(text), ''), text) as telling_text
    from places
    inner join raw_entries as raw on places.place[1] = raw.entry_at and places.place[2] = raw.entry_key
    left join trace_events as event on places.event_id = event.event_id
    where raw.entry_at >= make_timestamp_ns($from_ns)
        and raw.entry_at < make_timestamp_ns($to_ns)
)

select
    window_id,
    pattern_id,
    any_value(text) filter (is_first) as message,
    min(telling_text) = max(telling_text) as is_same
from texts
group by all
