//! The entry that a cluster shows: as it stands in the export, with what is long or said elsewhere left out.

use serde_json::{Map, Value, json};

use crate::{mine::pattern::requests, text::redact::Redactor};

/// Texts in a sample are cut here; the entry itself has the rest.
const TEXT_LIMIT: usize = 700;
/// Texts in a brief sample are cut here.
const BRIEF_LIMIT: usize = 400;
/// Fields of a payload that are shown; the others are counted.
const SHOWN_FIELDS: [&str; 14] = [
    "message",
    "msg",
    "event",
    "err",
    "error",
    "exception",
    "context",
    "labels",
    "logger",
    "name",
    "service",
    "methodName",
    "serviceName",
    "resourceName",
];

/// What is shown of an entry.
#[derive(Debug, Clone, Copy)]
pub struct Shown<'a> {
    pub severity: &'a str,
    pub timestamp: &'a str,
    pub insert_id: Option<&'a str>,
    pub kind: &'a str,
    pub message: Option<&'a str>,
    /// JSON.
    pub payload: Option<&'a str>,
    pub service: &'a str,
    pub revision: Option<&'a str>,
    pub location: Option<&'a str>,
    pub instance_id: Option<&'a str>,
    pub trace: Option<&'a str>,
    pub http_method: Option<&'a str>,
    pub http_url: Option<&'a str>,
    pub http_status: Option<u16>,
    pub http_user_agent: Option<&'a str>,
    pub http_latency_ns: Option<i64>,
}

/// With the keys of a LogEntry. Secrets are hidden before anything is cut: what tells of one may stand in the middle.
pub fn trimmed(shown: &Shown<'_>, redactor: &Redactor) -> Value {
    let mut entry = whole(shown);
    redactor.json(&mut entry);
    let Value::Object(fields) = entry else { return entry };
    let short = |(key, value): (String, Value)| match key.as_str() {
        "jsonPayload" => (key, shown_fields(value)),
        _ => (key, shortened(value)),
    };
    fields.into_iter().map(short).collect()
}

fn whole(shown: &Shown<'_>) -> Value {
    let mut entry = Map::new();
    put(&mut entry, "severity", filled(Some(shown.severity)));
    put(&mut entry, "timestamp", Some(shown.timestamp));
    put(&mut entry, "insertId", filled(shown.insert_id));
    match filled(shown.payload).and_then(|payload| serde_json::from_str::<Value>(payload).ok()) {
        // a text that was mended, as it was
        Some(Value::String(text)) => put(&mut entry, "textPayload", Some(&text)),
        Some(payload) => {
            entry.insert("jsonPayload".into(), payload);
        }
        None => put(
            &mut entry,
            "textPayload",
            filled(shown.message).filter(|_| shown.kind != "request" || !is_request_line(shown)),
        ),
    }
    if let Some(request) = http_request(shown) {
        entry.insert("httpRequest".into(), request);
    }
    let labels =
        [("service_name", Some(shown.service)), ("revision_name", shown.revision), ("location", shown.location)];
    let labels: Map<String, Value> =
        labels.into_iter().filter_map(|(name, label)| Some((name.into(), filled(label)?.into()))).collect();
    entry.insert("resource".into(), json!({ "labels": labels }));
    if let Some(instance) = filled(shown.instance_id) {
        entry.insert("labels".into(), json!({"instanceId": instance}));
    }
    put(&mut entry, "trace", filled(shown.trace));
    Value::Object(entry)
}

fn filled(text: Option<&str>) -> Option<&str> {
    text.filter(|text| !text.is_empty())
}

fn put(entry: &mut Map<String, Value>, key: &str, text: Option<&str>) {
    if let Some(text) = text {
        entry.insert(key.into(), text.into());
    }
}

/// Whether the message was made from the request itself, so that there is no text to show.
fn is_request_line(shown: &Shown<'_>) -> bool {
    let line = requests::line(shown.http_method.unwrap_or(""), shown.http_url.unwrap_or(""), shown.http_status);
    shown.message.unwrap_or("") == line
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

/// The same for a text that is read in passing: its start and its end, and no label that the whole worklog has.
pub fn brief(sample: &str) -> Option<String> {
    let mut entry: Value = serde_json::from_str(sample).ok()?;
    halve(&mut entry);
    if let Some(labels) = entry.pointer_mut("/resource/labels").and_then(Value::as_object_mut) {
        labels.retain(|name, _| name == "revision_name");
    }
    let has_labels = |resource: &Value| resource["labels"].as_object().is_some_and(|labels| !labels.is_empty());
    if let Some(fields) = entry.as_object_mut() {
        fields.retain(|name, value| name != "resource" || has_labels(value));
    }
    serde_json::to_string_pretty(&entry).ok()
}

fn halve(value: &mut Value) {
    match value {
        Value::String(text) if text.len() > BRIEF_LIMIT => {
            let head = text.floor_char_boundary(BRIEF_LIMIT / 2);
            let tail = text.ceil_char_boundary(text.len() - BRIEF_LIMIT / 2);
            *text = format!("{} … {}", &text[..head], &text[tail..]);
        }
        Value::Array(items) => items.iter_mut().for_each(halve),
        Value::Object(fields) => fields.values_mut().for_each(halve),
        _ => {}
    }
}

fn http_request(shown: &Shown<'_>) -> Option<Value> {
    shown.http_url?;
    let mut request = Map::new();
    put(&mut request, "requestMethod", shown.http_method);
    put(&mut request, "requestUrl", shown.http_url);
    if let Some(status) = shown.http_status {
        request.insert("status".into(), status.into());
    }
    put(&mut request, "userAgent", shown.http_user_agent);
    if let Some(latency) = shown.http_latency_ns {
        let text = format!("{}.{:09}", latency / 1_000_000_000, latency % 1_000_000_000);
        let text = text.trim_end_matches('0').trim_end_matches('.');
        request.insert("latency".into(), format!("{text}s").into());
    }
    Some(Value::Object(request))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(payload: &str) -> Value {
        let shown = Shown {
            severity: "ERROR",
            timestamp: "2025-01-01T00:00:00Z",
            insert_id: None,
            kind: "text",
            message: None,
            payload: Some(payload),
            service: "s",
            revision: None,
            location: None,
            instance_id: None,
            trace: None,
            http_method: None,
            http_url: None,
            http_status: None,
            http_user_agent: None,
            http_latency_ns: None,
        };
        trimmed(&shown, &Redactor::new(7, &[]))
    }

    /// 1,600 characters in lines of 64, none of which comes twice.
    fn key() -> Vec<String> {
        const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        let letter = |at: usize| char::from(LETTERS[(at * at + at / 64 * 7) % 64]);
        (0..25).map(|line| (0..64).map(|at| letter(line * 64 + at)).collect()).collect()
    }

    #[test]
    fn a_cut_leaves_nothing_of_a_key() {
        let lines = key();
        let frame = |word: &str| format!("-----{word} {} KEY-----", "PRIVATE");
        let pem = format!("{}\n{}\n{}", frame("BEGIN"), lines.join("\n"), frame("END"));
        let words = "words ".repeat(90);
        for text in [format!("{words}{pem}"), format!("{pem}{words}"), format!("{words}Bearer a1{}", lines.concat())] {
            for payload in [json!(text), json!({"message": text}), json!({"context": {"stack": [text]}})] {
                let sample = shown(&payload.to_string()).to_string();
                assert!(
                    !lines.iter().any(|line| sample.contains(&line[..16]) || sample.contains(&line[48..])),
                    "{sample}"
                );
            }
        }
    }

    #[test]
    fn long_texts_are_cut_and_other_fields_counted() {
        let text = "words ".repeat(200);
        let sample = shown(&json!({"message": text, "other": 1, "more": 2}).to_string());
        let payload = &sample["jsonPayload"];
        assert!(payload["message"].as_str().unwrap().contains("… (500 more bytes) …"), "{payload}");
        assert_eq!(payload["…"], "2 more fields");
    }
}
