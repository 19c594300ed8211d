{#-
A view of Log Analytics in BigQuery: all logs of a bucket, payloads and labels as JSON. Only columns that are needed are
named. Grain: row.
-#}
{%- set request = "(http_request.request_method is not null or http_request.request_url is not null or http_request.status is not null)" -%}
{%- macro label(name) -%}json_value(resource.labels, '$.{{ name }}'){%- endmacro -%}
select
    to_json_string(struct(
        log_name as log_name,
        log_id as log_id,
        {{ written_time("timestamp") }} as timestamp,
        {{ written_time("receive_timestamp") }} as receive_timestamp,
        severity as severity,
        insert_id as insert_id,
        trace as trace,
        span_id as span_id,
        trace_sampled as trace_sampled,
        text_payload as text_payload,
        json_payload as json_payload,
        proto_payload as proto_payload,
        resource as resource,
        labels as labels,
        operation as operation,
        source_location as source_location,
        split as split,
        struct(
            http_request.request_method as request_method,
            http_request.request_url as request_url,
            http_request.status as status,
            http_request.user_agent as user_agent,
            http_request.latency as latency
        ) as http_request
    )) as entry,
    unix_micros(timestamp) * 1000 as entry_ns,
    insert_id,
    coalesce(log_name, log_id, '') as log_name,
    coalesce({{ label("project_id") }}, '') as project,
    severity,
    to_json_string(resource) as resource,
    coalesce({{ label("service_name") }}, {{ label("function_name") }}, {{ label("job_name") }}, {{ label("container_name") }}, {{ label("module_id") }}, resource.type, '') as service,
    coalesce({{ label("revision_name") }}, {{ label("version_id") }}, {{ label("pod_name") }}, '') as revision,
    coalesce(json_value(labels, '$.instanceId'), json_value(labels, '$.instance_id'), json_value(labels, '$.instanceid')) as instance_id,
    text_payload,
    if(json_payload is null, null, to_json_string(json_payload)) as json_payload,
    json_value(json_payload, '$.message') as json_message,
    coalesce(json_value(json_payload, '$.level'), json_value(json_payload, '$.levelname'), json_value(json_payload, '$.severity')) as json_level,
    if(proto_payload is null, null, to_json_string(proto_payload)) as proto_payload,
    coalesce(
        json_value(proto_payload, '$.methodName'), json_value(proto_payload, '$.method_name'),
        json_value(proto_payload, '$.audit_log.method_name')
    ) as proto_method,
    if({{ request }}, 'request', null) as http_request,
    http_request.request_method as http_method,
    http_request.request_url as http_url,
    http_request.status as http_status,
    if(
        http_request.latency.seconds is null, null,
        http_request.latency.seconds * 1000000 + div(coalesce(http_request.latency.nanos, 0), 1000)
    ) as http_latency_us,
    coalesce(split.uid, '') <> '' as is_split
from {{ relation }}
where timestamp >= timestamp_micros({{ from_us }})
    and timestamp < timestamp_micros({{ to_us }})
