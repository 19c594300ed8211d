{#-
How often, when and where: each entry once, however many copies of it the sources hold; the longest stands for them.
Grain: part `messages`: group, minute, step of latency (-1: none); `instances`: service, instance; `minutes`: service,
revision, minute.
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
        concat(lpad({{ as_text("coalesce(length(entry), 0)") }}, 9, '0'), group_id) as fuller_group_id,
        service,
        revision,
        instance_id,
        insert_id,
        case when is_request and http_latency_us is not null then {{ latency_step("http_latency_us") }} else -1 end as latency_step,
        case when not is_request and proto_payload is null and coalesce(json_payload, text_payload) is not null then entry_ns end as line_ns,
        case when coalesce(json_message, text_payload) like 'Starting new instance.%' then entry_ns end as announced_ns
    from keyed
),

entries as (
    select
        entry_ns,
        {{ whole("entry_ns", "60000000000") }} as minute,
        -- a number in front: engines keep the row of a greatest value at a high price
        substr(max(fuller_group_id), 10) as group_id,
        max(service) as service,
        max(revision) as revision,
        max(instance_id) as instance_id,
        max(insert_id) as insert_id,
        max(latency_step) as latency_step,
        max(line_ns) as line_ns,
        max(announced_ns) as announced_ns
    from copies
    group by project, entry_ns, entry_id
)

select
    case when grouping(group_id) = 0 then 'messages' when grouping(minute) = 0 then 'minutes' else 'instances' end as part,
    group_id,
    minute,
    latency_step,
    service,
    revision,
    instance_id,
    count(*) as entry_count,
    min(entry_ns) as first_ns,
    max(entry_ns) as last_ns,
    min(nullif(instance_id, '')) as smallest_instance_id,
    max(nullif(instance_id, '')) as greatest_instance_id,
    count(distinct nullif(instance_id, '')) as instance_count,
    min(nullif(insert_id, '')) as smallest_insert_id,
    min(revision) as smallest_revision,
    min(line_ns) as first_line_ns,
    max(line_ns) as last_line_ns,
    min(announced_ns) as announced_ns
from entries
group by grouping sets ((group_id, minute, latency_step), (service, revision, minute), (service, instance_id))
