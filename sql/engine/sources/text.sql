{#-
Entries as JSON texts, in LogEntry's names or in those of client libraries and Log Analytics (`snake`).
Grain: row of the source.
-#}
{% set at = names -%}
select
    entry,
    {{ nanoseconds("coalesce(time, received)") }} as entry_ns,
    insert_id,
    log_name,
    coalesce({{ text_at("resource", "$.labels.project_id") }}, '') as project,
    severity,
    resource,
    coalesce(
        {{ text_at("resource", "$.labels.service_name") }},
        {{ text_at("resource", "$.labels.function_name") }},
        {{ text_at("resource", "$.labels.job_name") }},
        {{ text_at("resource", "$.labels.container_name") }},
        {{ text_at("resource", "$.labels.module_id") }},
        {{ text_at("resource", "$.type") }},
        ''
    ) as service,
    coalesce(
        {{ text_at("resource", "$.labels.revision_name") }},
        {{ text_at("resource", "$.labels.version_id") }},
        {{ text_at("resource", "$.labels.pod_name") }},
        ''
    ) as revision,
    coalesce({{ text_at("labels", "$.instanceId") }}, {{ text_at("labels", "$.instance_id") }}, {{ text_at("labels", "$.instanceid") }}) as instance_id,
    text_payload,
    json_payload,
    {{ text_at("json_payload", "$.message") }} as json_message,
    coalesce(
        {{ text_at("json_payload", "$.level") }},
        {{ text_at("json_payload", "$.levelname") }},
        {{ text_at("json_payload", "$.severity") }}
    ) as json_level,
    proto_payload,
    coalesce({{ text_at("proto_payload", "$.methodName") }}, {{ text_at("proto_payload", "$.method_name") }}) as proto_method,
    http_request,
    coalesce({{ text_at("http_request", "$.requestMethod") }}, {{ text_at("http_request", "$.request_method") }}) as http_method,
    coalesce({{ text_at("http_request", "$.requestUrl") }}, {{ text_at("http_request", "$.request_url") }}) as http_url,
    {{ as_number(text_at("http_request", "$.status")) }} as http_status,
    {{ microseconds(text_at("http_request", "$.latency")) }} as http_latency_us,
    split is not null as is_split
from (
    select
        entry,
        {{ text_at("entry", "$.timestamp") }} as time,
        coalesce({{ text_at("entry", "$.receiveTimestamp") }}, {{ text_at("entry", "$.receive_timestamp") }}) as received,
        coalesce({{ text_at("entry", "$.insertId") }}, {{ text_at("entry", "$.insert_id") }}) as insert_id,
        coalesce({{ text_at("entry", "$.logName") }}, {{ text_at("entry", "$.log_name") }}, {{ text_at("entry", "$.log_id") }}, '') as log_name,
        {{ text_at("entry", "$.severity") }} as severity,
        coalesce({{ text_at("entry", "$.resource") }}, '{}') as resource,
        {{ text_at("entry", "$.labels") }} as labels,
        coalesce({{ text_at("entry", "$.textPayload") }}, {{ text_at("entry", "$.text_payload") }}) as text_payload,
        nullif(coalesce({{ text_at("entry", "$.jsonPayload") }}, {{ text_at("entry", "$.json_payload") }}), '{}') as json_payload,
        nullif(coalesce({{ text_at("entry", "$.protoPayload") }}, {{ text_at("entry", "$.proto_payload") }}, {{ text_at("entry", "$.protopayload_auditlog") }}), '{}') as proto_payload,
        nullif(coalesce({{ text_at("entry", "$.httpRequest") }}, {{ text_at("entry", "$.http_request") }}), '{}') as http_request,
        {{ text_at("entry", "$.split") }} as split
    from {{ relation }} as raw
) as parts
