{#-
A table that a sink writes to BigQuery: one log, its columns those that its entries have had. Only columns that are
needed are named, and none that the table lacks. Grain: row.
-#}
{%- macro column(name) -%}{% if name in columns %}{{ name }}{% else %}cast(null as string){% endif %}{%- endmacro -%}
{%- macro first_of(prefix, names, otherwise) -%}
coalesce({% for name in names if prefix ~ name in columns %}{{ prefix }}{{ name }}, {% endfor %}{{ otherwise }})
{%- endmacro -%}
{%- set has_request = "httpRequest" in columns -%}
select
    -- names are texts: as aliases some servers write them in lower case
    to_json_string(json_object(
{% for name in ["logName", "severity", "insertId", "trace", "spanId", "traceSampled", "textPayload", "resource", "labels", "operation", "sourceLocation", "split", "jsonPayload", "protopayload_auditlog"] if name in columns %}
        '{{ name }}', {{ name }},
{% endfor %}
{% if "receiveTimestamp" in columns %}
        'receiveTimestamp', {{ written_time("receiveTimestamp") }},
{% endif %}
{% if has_request %}
        'httpRequest', json_object(
{% for name in ["requestMethod", "requestUrl", "status", "userAgent"] if "httpRequest." ~ name in columns %}
            '{{ name }}', httpRequest.{{ name }},
{% endfor %}
            'latency', {% if "httpRequest.latency" in columns %}format('%.9fs', httpRequest.latency){% else %}cast(null as string){% endif %}

        ),
{% endif %}
        'timestamp', {{ written_time("timestamp") }}
    )) as entry,
    unix_micros(timestamp) * 1000 as entry_ns,
    {{ column("insertId") }} as insert_id,
    coalesce({{ column("logName") }}, '') as log_name,
    {{ first_of("resource.labels.", ["project_id"], "''") }} as project,
    {{ column("severity") }} as severity,
    {% if "resource" in columns %}to_json_string(resource){% else %}'{}'{% endif %} as resource,
    {{ first_of("resource.labels.", ["service_name", "function_name", "job_name", "container_name", "module_id"], first_of("resource.", ["type"], "''")) }} as service,
    {{ first_of("resource.labels.", ["revision_name", "version_id", "pod_name"], "''") }} as revision,
    {{ first_of("labels.", ["instanceId", "instance_id", "instanceid"], "cast(null as string)") }} as instance_id,
    {{ column("textPayload") }} as text_payload,
    {% if "jsonPayload" in columns %}if(jsonPayload is null, null, to_json_string(jsonPayload)){% else %}cast(null as string){% endif %} as json_payload,
    {{ column("jsonPayload.message") }} as json_message,
    {{ first_of("jsonPayload.", ["level", "levelname", "severity"], "cast(null as string)") }} as json_level,
    {% if "protopayload_auditlog" in columns %}if(protopayload_auditlog is null, null, to_json_string(protopayload_auditlog)){% else %}cast(null as string){% endif %} as proto_payload,
    {{ column("protopayload_auditlog.methodName") }} as proto_method,
{% if has_request %}
    if(httpRequest is null, null, 'request') as http_request,
    {{ column("httpRequest.requestMethod") }} as http_method,
    {{ column("httpRequest.requestUrl") }} as http_url,
    {% if "httpRequest.status" in columns %}httpRequest.status{% else %}cast(null as int64){% endif %} as http_status,
    {% if "httpRequest.latency" in columns %}div(cast(round(httpRequest.latency * 1000000000) as int64), 1000){% else %}cast(null as int64){% endif %} as http_latency_us,
{% else %}
    cast(null as string) as http_request,
    cast(null as string) as http_method,
    cast(null as string) as http_url,
    cast(null as int64) as http_status,
    cast(null as int64) as http_latency_us,
{% endif %}
    {% if "split" in columns %}split is not null{% else %}false{% endif %} as is_split
from {{ relation }}
where timestamp >= timestamp_micros({{ from_us }})
    and timestamp < timestamp_micros({{ to_us }})
