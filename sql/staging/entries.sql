-- Log entries as people query them.
-- Grain: log entry. `effective_severity` is the higher of the severity and the level, as a rule (see the macro);
-- `severity_number` is its number (0 DEFAULT, 300 NOTICE, 500 ERROR, ...), for comparing: names compare as text.
-- `service` is the short name; `service_key` is the one that other relations have as `service`.
-- grain: entry_at, entry_key
select
    raw.entry_at,
    raw.received_at,
    raw.severity,
    raw.level,
    raw.level_source,
    effective_severity(raw.severity, raw.level, raw.level_source, source.log_id) as effective_severity,
    enum_code(effective_severity)::int * 100 as severity_number,
    source.short_name as service,
    source.service as service_key,
    source.revision,
    source.location,
    source.project,
    source.resource_type,
    coalesce(nullif(source.instance_id, ''), labels.instance_id) as instance_id,
    source.log_id,
    raw.insert_id,
    raw.trace,
    raw.span,
    raw.kind,
    raw.message,
    raw.shape_id,
    raw.pattern_id,
    raw.event_id,
    coalesce(event.call_module, site.call_module) as call_module,
    case when event.call_module is null then site.call_function else event.call_function end as call_function,
    case when event.call_module is null then site.call_line else event.call_line end as call_line,
    raw."user",
    raw.http_method,
    raw.http_status,
    raw.http_url,
    raw.http_latency_ns,
    raw.http_user_agent,
    labels.labels,
    raw.payload,
    raw.extra,
    file.path as file,
    raw.line,
    raw.entry_key
from placed_entries as raw
inner join identified_sources as source on raw.source_id = source.source_id
left join label_sets as labels on raw.label_set_id = labels.label_set_id
left join call_sites as site on raw.call_site_id = site.call_site_id
left join trace_events as event on raw.event_id = event.event_id
left join files as file on raw.file_id = file.file_id
