{#-
How often, when and where: each entry once, however many copies of it the sources hold; the longest stands for them.
Grain: part `messages`: group, minute, step of latency (-1: none); part `instances`: service, revision, instance, minute.
-#}
{% include "entries" %},

copies as (
    select
        project,
        entry_ns,
        -- what is no entry has no copies
        case
            when entry_ns is null then {{ as_text(random()) }}
            when coalesce(insert_id, '') = '' then {{ digest("entry") }}
            else insert_id
        end as entry_id,
        -- one text, of which the longest entry's is the greatest: engines keep many values of a group at a high price
        {{ joined([
            "lpad(" ~ as_text("coalesce(length(entry), 0)") ~ ", 9, '0')",
            "group_id",
            "service",
            "revision",
            "instance_id",
            "insert_id",
            "case when is_request and http_latency_us is not null then " ~ as_text(latency_step("http_latency_us")) ~ " else '-1' end",
            "case when not is_request and proto_payload is null and coalesce(json_payload, text_payload) is not null then 'line' end",
            "case when coalesce(json_message, text_payload) like 'Starting new instance.%' then 'start' end"
        ]) }} as told
    from keyed
),

fullest as (
    select
        entry_ns,
        max(told) as told
    from copies
    group by project, entry_ns, entry_id
),

entries as (
    select
        entry_ns,
        {{ whole("entry_ns", "60000000000") }} as minute,
        {{ part_of("told", 1) }} as group_id,
        {{ part_of("told", 2) }} as service,
        {{ part_of("told", 3) }} as revision,
        nullif({{ part_of("told", 4) }}, '') as instance_id,
        nullif({{ part_of("told", 5) }}, '') as insert_id,
        {{ as_number(part_of("told", 6)) }} as latency_step,
        case when {{ part_of("told", 7) }} = 'line' then entry_ns end as line_ns,
        case when {{ part_of("told", 8) }} = 'start' then entry_ns end as announced_ns
    from fullest
)

select
    case when grouping(group_id) = 0 then 'messages' else 'instances' end as part,
    group_id,
    minute,
    latency_step,
    service,
    revision,
    instance_id,
    count(*) as entry_count,
    min(entry_ns) as first_ns,
    max(entry_ns) as last_ns,
    min(instance_id) as smallest_instance_id,
    max(instance_id) as greatest_instance_id,
    min(insert_id) as smallest_insert_id,
    min(line_ns) as first_line_ns,
    max(line_ns) as last_line_ns,
    min(announced_ns) as announced_ns
from entries
group by grouping sets ((group_id, minute, latency_step), (service, revision, instance_id, minute))
