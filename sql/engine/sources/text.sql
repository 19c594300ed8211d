{#-
Entries as JSON texts, in LogEntry's names or in those of client libraries and Log Analytics.
Grain: row of the source.
-#}
{%- set parts = opened(relation, [
    ["entry", [
        "timestamp", "receiveTimestamp", "receive_timestamp", "insertId", "insert_id", "logName", "log_name", "log_id",
        "severity", "resource", "labels", "textPayload", "text_payload", "jsonPayload", "json_payload",
        "protoPayload", "proto_payload", "protopayload_auditlog", "httpRequest", "http_request", "split"
    ]]
]) -%}
{%- set entries -%}
(
    select
        entry,
        {{ once(nanoseconds("coalesce(entry_timestamp, entry_receiveTimestamp, entry_receive_timestamp)")) }} as entry_ns,
        coalesce(entry_insertId, entry_insert_id) as insert_id,
        coalesce(entry_logName, entry_log_name, entry_log_id, '') as log_name,
        entry_severity as severity,
        coalesce(entry_resource, '{}') as resource,
        entry_labels as labels,
        coalesce(entry_textPayload, entry_text_payload) as text_payload,
        nullif(coalesce(entry_jsonPayload, entry_json_payload), '{}') as json_payload,
        nullif(coalesce(entry_protoPayload, entry_proto_payload, entry_protopayload_auditlog), '{}') as proto_payload,
        nullif(coalesce(entry_httpRequest, entry_http_request), '{}') as http_request,
        entry_split is not null as is_split
    from {{ parts }} as parts
)
{%- endset -%}
{%- set texts = opened(entries, [
    ["resource", [
        "type", "labels.project_id", "labels.service_name", "labels.function_name", "labels.job_name", "labels.container_name",
        "labels.module_id", "labels.revision_name", "labels.version_id", "labels.pod_name"
    ]],
    ["labels", ["instanceId", "instance_id"]],
    ["json_payload", ["message", "level", "levelname", "severity"]],
    ["proto_payload", ["methodName", "method_name"]],
    ["http_request", ["requestMethod", "request_method", "requestUrl", "request_url", "status", "latency"]]
]) -%}
select
    entry,
    entry_ns,
    insert_id,
    log_name,
    coalesce(resource_project_id, '') as project,
    severity,
    resource,
    coalesce(
        resource_service_name, resource_function_name, resource_job_name, resource_container_name, resource_module_id,
        resource_type, ''
    ) as service,
    coalesce(resource_revision_name, resource_version_id, resource_pod_name, '') as revision,
    coalesce(labels_instanceId, labels_instance_id, {{ text_at("labels", "$.instanceid") }}) as instance_id,
    text_payload,
    json_payload,
    json_payload_message as json_message,
    coalesce(json_payload_level, json_payload_levelname, json_payload_severity) as json_level,
    proto_payload,
    coalesce(proto_payload_methodName, proto_payload_method_name) as proto_method,
    http_request,
    coalesce(http_request_requestMethod, http_request_request_method) as http_method,
    coalesce(http_request_requestUrl, http_request_request_url) as http_url,
    {{ as_number("http_request_status") }} as http_status,
    {{ microseconds("http_request_latency") }} as http_latency_us,
    is_split
from {{ texts }} as texts
