//! Rows of Parquet as the texts that NDJSON has, so that one query reads both.

use arrow::datatypes::{DataType, Field, Schema, TimeUnit};

use super::quoted;

/// A row of a table as the JSON text of a log entry, in `LogEntry`'s names and without what is NULL.
pub(super) fn row_as_json(schema: &Schema) -> String {
    let mut values = Vec::new();
    let mut texts = Vec::new();
    for field in schema.fields() {
        let name = entry_name(field.name());
        let column = quoted(field.name());
        match field.data_type() {
            DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View if is_json_column(name) => {
                texts.push((name, column));
            }
            _ => values.push(format!("{}, {}", literal(name), as_value(field, &column))),
        }
    }
    if values.is_empty() {
        values.push("'', cast(null as string)".to_owned());
    }
    let object = format!("to_json(named_struct({}))", values.join(", "));
    if texts.is_empty() {
        return object;
    }
    // JSON text goes in as it is; text that is no JSON stays text
    let members = texts.iter().map(|(name, column)| {
        let as_text = format!("to_json(array({column}))");
        format!(
            "case when {column} is not null then concat(',\"{name}\":', \
             coalesce(case when ltrim({column}) rlike '^[{{\\\\[]' then get_json_object({column}, '$') end, \
             substr({as_text}, 2, length({as_text}) - 2))) end"
        )
    });
    let members = members.collect::<Vec<_>>().join(", ");
    format!("concat(substr({object}, 1, length({object}) - 1), concat_ws('', {members}), '}}')")
}

/// Sail's `to_json` fails on times in nanoseconds, which go in as text with all their digits.
fn as_value(field: &Field, path: &str) -> String {
    match field.data_type() {
        DataType::Timestamp(TimeUnit::Nanosecond, zone) => {
            let zone = if zone.is_some() { "Z" } else { "" };
            format!("concat(replace(cast({path} as string), ' ', 'T'), '{zone}')")
        }
        DataType::Struct(fields) if fields.iter().any(|field| has_nanoseconds(field.data_type())) => {
            let members = fields.iter().map(|field| {
                format!("{}, {}", literal(field.name()), as_value(field, &format!("{path}.{}", quoted(field.name()))))
            });
            let members = members.collect::<Vec<_>>().join(", ");
            format!("case when {path} is not null then named_struct({members}) end")
        }
        DataType::Binary | DataType::LargeBinary | DataType::BinaryView => format!("cast({path} as string)"),
        _ => path.to_owned(),
    }
}

fn has_nanoseconds(kind: &DataType) -> bool {
    match kind {
        DataType::Timestamp(TimeUnit::Nanosecond, _) => true,
        DataType::Struct(fields) => fields.iter().any(|field| has_nanoseconds(field.data_type())),
        _ => false,
    }
}

/// Names of Log Analytics and of a BigQuery sink's tables in those of `LogEntry`.
fn entry_name(column: &str) -> &str {
    match column {
        "log_name" | "logname" => "logName",
        "insert_id" | "insertid" => "insertId",
        "receive_timestamp" | "receivetimestamp" => "receiveTimestamp",
        "text_payload" | "textpayload" => "textPayload",
        "json_payload" | "jsonpayload" => "jsonPayload",
        "proto_payload" | "protopayload" | "protopayload_auditlog" => "protoPayload",
        "http_request" | "httprequest" => "httpRequest",
        "span_id" | "spanid" => "spanId",
        "trace_sampled" | "tracesampled" => "traceSampled",
        "source_location" | "sourcelocation" => "sourceLocation",
        name if name.starts_with("jsonpayload_") => "jsonPayload",
        name => name,
    }
}

fn is_json_column(name: &str) -> bool {
    matches!(
        name,
        "resource"
            | "labels"
            | "jsonPayload"
            | "protoPayload"
            | "httpRequest"
            | "operation"
            | "sourceLocation"
            | "split"
            | "errorGroups"
            | "error_groups"
            | "apphub"
            | "metadata"
    )
}

fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'"))
}
