-- Entries per hour (UTC) whose message contains a text; hours without such entries in between are included.
-- Grain: hour.
-- param text: a part of the message; upper and lower case are the same
with

hours as (
    select
        date_trunc('hour', entry_at)::timestamp as hour,
        count(*) as entry_count
    from entries
    where contains(lower(message), lower($text))
    group by all
),

span as (
    select unnest(generate_series(min(hour), max(hour), interval 1 hour)) as hour
    from hours
)

select
    span.hour,
    coalesce(hours.entry_count, 0) as entry_count,
    rtrim(bar(coalesce(hours.entry_count, 0), 0, max(hours.entry_count) over (), 20)) as bar
from span
left join hours using (hour)
order by span.hour
