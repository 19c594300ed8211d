-- What rules and links look at: each pattern as one service shows it.
-- Grain: service, pattern, of entries of NOTICE and above.
-- grain: service, pattern_id
with

sites as (
    select
        service,
        pattern_id,
        call_module,
        call_function,
        count(*) as entry_count,
        list(distinct call_line order by call_line) as call_lines,
        row_number() over (
            partition by service, pattern_id
            order by count(*) desc, call_module asc, call_function asc
        ) as place
    from ranked_entries
    where call_module is not null
    group by service, pattern_id, call_module, call_function
),

counted as (
    select
        service,
        pattern_id,
        max(kind) as kind,
        count(*) as entry_count,
        max(effective_severity) as effective_severity,
        min(entry_ns) as first_ns,
        max(entry_ns) as last_ns,
        arg_min((entry_at, entry_key), (entry_ns, entry_key)) as sample,
        arg_min(event_id, (entry_ns, entry_key)) as event_id,
        count(distinct instance_id) as instance_count,
        count(instance_id) as instance_entry_count,
        count(distinct trace) as trace_count,
        min(http_status) as lowest_status,
        max(http_status) as highest_status,
        list(distinct log_id order by log_id) as log_ids,
        coalesce(bool_and(is_of_stream), false) as is_of_stream
    from ranked_entries
    group by all
)

select
    counted.* exclude (sample, event_id),
    pattern.template,
    coalesce(event.message, raw.message) as sample_message,
    exception_text(sample_message) as exception_message,
    sites.call_module,
    sites.call_function,
    sites.call_lines
from counted
inner join patterns as pattern on counted.pattern_id = pattern.pattern_id
inner join raw_entries as raw
    on counted.sample[1] = raw.entry_at and counted.sample[2] = raw.entry_key
left join trace_events as event on counted.event_id = event.event_id
left join sites
    on counted.service = sites.service and counted.pattern_id = sites.pattern_id and sites.place = 1
