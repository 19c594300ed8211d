//! The entry that a cluster shows: as it stands in the export, with what is long or said elsewhere left out.

use serde_json::{Map, Value, json};

use crate::mine::pattern::requests;

/// Texts in a sample are cut here; the entry itself has the rest.
const TEXT_LIMIT: usize = 700;
/// Fields of a payload that are shown; the others are counted.
const SHOWN_FIELDS: [&str; 11] = [
    "message",
    "msg",
    "event",
    "context",
    "labels",
    "logger",
    "name",
    "service",
    "methodName",
    "serviceName",
    "resourceName",
];

/// `row` is a row of the mart `samples`; the answer has the keys of a LogEntry.
pub fn trimmed(row: &Value) -> Value {
    let text = |key: &str| row[key].as_str().filter(|text| !text.is_empty());
    let mut entry = Map::new();
    put(&mut entry, "severity", text("severity"));
    put(&mut entry, "timestamp", row["timestamp"].as_str());
    put(&mut entry, "insertId", text("insert_id"));
    match text("payload").and_then(|payload| serde_json::from_str::<Value>(payload).ok()) {
        // a text that was mended, as it was
        Some(Value::String(text)) => put(&mut entry, "textPayload", Some(&text)),
        Some(payload) => {
            entry.insert("jsonPayload".into(), shown_fields(payload));
        }
        None => put(
            &mut entry,
            "textPayload",
            text("message").filter(|_| row["kind"] != "request" || !is_request_line(row)),
        ),
    }
    if let Some(request) = http_request(row) {
        entry.insert("httpRequest".into(), request);
    }
    let labels = [("service_name", "service"), ("revision_name", "revision"), ("location", "location")];
    let labels: Map<String, Value> =
        labels.iter().filter_map(|(name, key)| Some(((*name).into(), text(key)?.into()))).collect();
    entry.insert("resource".into(), json!({ "labels": labels }));
    if let Some(instance) = text("instance_id") {
        entry.insert("labels".into(), json!({"instanceId": instance}));
    }
    put(&mut entry, "trace", text("trace"));
    Value::Object(entry)
}

fn put(entry: &mut Map<String, Value>, key: &str, text: Option<&str>) {
    if let Some(text) = text {
        entry.insert(key.into(), cut(text).into());
    }
}

/// Whether the message was made from the request itself, so that there is no text to show.
fn is_request_line(row: &Value) -> bool {
    let text = |key: &str| row[key].as_str().unwrap_or("");
    let status = row["http_status"].as_u64().and_then(|status| u16::try_from(status).ok());
    text("message") == requests::line(text("http_method"), text("http_url"), status)
}

fn shown_fields(payload: Value) -> Value {
    let Value::Object(fields) = payload else { return shortened(payload) };
    let total = fields.len();
    let mut shown: Map<String, Value> = fields
        .into_iter()
        .filter(|(key, _)| SHOWN_FIELDS.contains(&key.as_str()))
        .map(|(key, value)| (key, shortened(value)))
        .collect();
    let hidden = total - shown.len();
    if hidden > 0 {
        shown.insert("…".into(), format!("{hidden} more field{}", if hidden == 1 { "" } else { "s" }).into());
    }
    Value::Object(shown)
}

fn shortened(value: Value) -> Value {
    match value {
        Value::String(text) => cut(&text).into(),
        Value::Array(items) => items.into_iter().take(10).map(shortened).collect(),
        Value::Object(fields) => {
            Value::Object(fields.into_iter().map(|(key, value)| (key, shortened(value))).collect())
        }
        other => other,
    }
}

/// Leaves out the middle: a text says at its beginning what it is, and a trace at its end why.
fn cut(text: &str) -> String {
    if text.len() <= TEXT_LIMIT {
        return text.to_owned();
    }
    let head = text.floor_char_boundary(TEXT_LIMIT / 2);
    let tail = text.ceil_char_boundary(text.len() - TEXT_LIMIT / 2);
    format!("{}… ({} more bytes) …{}", &text[..head], tail - head, &text[tail..])
}

fn http_request(row: &Value) -> Option<Value> {
    row["http_url"].as_str()?;
    let mut request = Map::new();
    for (name, key) in [
        ("requestMethod", "http_method"),
        ("requestUrl", "http_url"),
        ("status", "http_status"),
        ("userAgent", "http_user_agent"),
    ] {
        if !row[key].is_null() {
            request.insert(name.into(), shortened(row[key].clone()));
        }
    }
    if let Some(latency) = row["http_latency_ns"].as_i64() {
        let text = format!("{}.{:09}", latency / 1_000_000_000, latency % 1_000_000_000);
        let text = text.trim_end_matches('0').trim_end_matches('.');
        request.insert("latency".into(), format!("{text}s").into());
    }
    Some(Value::Object(request))
}
