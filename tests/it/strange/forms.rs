//! The forms in which exports come, written of the same entries.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
    io::Write as _,
};

use base64::{Engine, prelude::BASE64_STANDARD};
use duckdb::Connection;
use log_gardener::ingest::formats::FORMS;
use serde_json::{Map, Value, json};

use super::random::Random;
use crate::support::Garden;

type Writer = fn(&[Value], &mut Random) -> Vec<u8>;

/// By the name of the form.
const WRITERS: [(&str, Writer); 14] = [
    ("ndjson", ndjson),
    ("array", |entries, _| serde_json::to_vec_pretty(entries).unwrap()),
    ("yaml", |entries, _| entries.iter().map(yaml).collect::<String>().into()),
    ("csv", |entries, _| csv(entries)),
    ("objects", |entries, random| objects(entries, random.one_in(2)).into()),
    ("console", console),
    ("transcript", transcript),
    ("bigquery", |entries, _| lines(entries.iter().map(bigquery))),
    ("log-analytics", |entries, _| lines(entries.iter().map(log_analytics))),
    ("parquet", |entries, _| parquet(entries)),
    ("pubsub", |entries, _| lines(entries.iter().map(pubsub))),
    ("go-client", |entries, _| lines(entries.iter().map(go_client))),
    ("nested", |entries, random| lines(entries.iter().map(|entry| nested(entry, random)))),
    ("wrapped", |entries, _| json!({"fetch_time": "x", "logs": {"ERROR": entries}}).to_string().into()),
];

/// Deals entries out to a file of each form; some files are compressed, some in UTF-16. Answers how many entries each file has;
/// the first is one as everybody expects it, so that the form is seen.
pub(super) fn deal(garden: &Garden, entries: &[Value], random: &mut Random) -> BTreeMap<String, usize> {
    assert!(FORMS.iter().all(|form| WRITERS.iter().any(|(name, _)| *name == form.name)), "a form that is not tried");
    let mut parts: Vec<Vec<Value>> = vec![Vec::new(); WRITERS.len()];
    for entry in entries {
        parts[random.below(WRITERS.len())].push(entry.clone());
    }
    let mut counts = BTreeMap::new();
    for ((name, write), mut part) in WRITERS.iter().zip(parts) {
        part.insert(0, usual(name));
        counts.insert((*name).to_owned(), part.len());
        let bytes = write(&part, random);
        let is_text = *name != "parquet";
        match random.below(6) {
            0 => garden.write(&format!("exports/{name}.gz"), gzip(&bytes)),
            1 => garden.write(&format!("exports/{name}.zst"), zstd::encode_all(&bytes[..], 1).unwrap()),
            2 if is_text => garden.write(&format!("exports/{name}.utf16"), utf16(&bytes)),
            _ => garden.write(&format!("exports/{name}"), bytes),
        };
    }
    counts
}

fn usual(form: &str) -> Value {
    json!({
        "insertId": format!("usual-{form}"), "timestamp": "2025-09-12T10:00:00.5Z", "severity": "ERROR", "textPayload": "down",
        "logName": "projects/p/logs/run.googleapis.com%2Fstderr",
        "resource": {"type": "cloud_run_revision", "labels": {"project_id": "p", "service_name": "s0", "revision_name": "s0-00001-abc"}},
    })
}

fn lines(entries: impl Iterator<Item = Value>) -> Vec<u8> {
    entries.map(|entry| format!("{entry}\n")).collect::<String>().into()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn utf16(bytes: &[u8]) -> Vec<u8> {
    let text = std::str::from_utf8(bytes).unwrap();
    std::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect()
}

/// Also with half of a pair, as cutting a text leaves it.
fn ndjson(entries: &[Value], random: &mut Random) -> Vec<u8> {
    let text = entries.iter().map(|entry| format!("{entry}\n")).collect::<String>();
    if random.one_in(2) { text.replace("boom", "bo\\ud83dom").into() } else { text.into() }
}

/// A document whose keys stand at the margin, and whose values are on one line each.
fn yaml(entry: &Value) -> String {
    let mut members: Vec<_> = entry.as_object().unwrap().iter().collect();
    members.sort_by_key(|(key, _)| key.as_str());
    let mut text = "---\n".to_owned();
    for (key, value) in members {
        let mut line = String::new();
        for sign in value.to_string().chars() {
            if sign.is_ascii() && sign != '\u{7f}' {
                line.push(sign)
            } else {
                write!(line, "\\U{:08x}", sign as u32).unwrap()
            }
        }
        writeln!(text, "{key}: {line}").unwrap();
    }
    text
}

fn objects(entries: &[Value], is_fenced: bool) -> String {
    let text: Vec<String> = entries.iter().map(|entry| serde_json::to_string_pretty(entry).unwrap()).collect();
    let text = text.join("\n");
    if is_fenced { format!("```json\n{text}\n```\n") } else { text }
}

/// Summary lines with the entry unfolded below.
fn console(entries: &[Value], _: &mut Random) -> Vec<u8> {
    let mut text = String::new();
    for entry in entries {
        let object = serde_json::to_string_pretty(entry).unwrap();
        let time = entry["timestamp"].as_str().filter(|time| time.starts_with("2025-09-1") && time.ends_with('Z'));
        if let Some(time) = time.filter(|time| time.len() > 20) {
            writeln!(text, "ERROR {time} a summary of it").unwrap();
        }
        writeln!(text, "{object}").unwrap();
    }
    text.into()
}

fn transcript(entries: &[Value], random: &mut Random) -> Vec<u8> {
    let mut text = String::new();
    for entry in entries {
        let one = std::slice::from_ref(entry);
        match random.below(3) {
            0 => write!(text, "me@shell:~$ gcloud logging read x\n{}", yaml(entry)).unwrap(),
            1 => write!(text, "me@shell:~$ cat a.json\n{entry}\n").unwrap(),
            _ => write!(text, "And then:\n\n{}\n", objects(one, true)).unwrap(),
        }
        text.push_str("me@shell:~$ \n");
    }
    text.into()
}

/// With times as BigQuery prints them.
fn bigquery(entry: &Value) -> Value {
    let mut entry = entry.clone();
    for key in ["timestamp", "receiveTimestamp"] {
        if let Some(Value::String(time)) = entry.get_mut(key) {
            *time = time.replace('T', " ").replace('Z', " UTC");
        }
    }
    entry
}

fn log_analytics(entry: &Value) -> Value {
    let names = [
        ("insertId", "insert_id"),
        ("logName", "log_name"),
        ("receiveTimestamp", "receive_timestamp"),
        ("httpRequest", "http_request"),
        ("textPayload", "text_payload"),
        ("jsonPayload", "json_payload"),
        ("protoPayload", "proto_payload"),
        ("spanId", "span_id"),
        ("sourceLocation", "source_location"),
    ];
    let mut renamed: Map<String, Value> =
        [("log_id".to_owned(), json!("run.googleapis.com/stdout"))].into_iter().collect();
    for (key, value) in entry.as_object().unwrap() {
        let name = names.iter().find(|(known, _)| known == key).map_or(key.as_str(), |(_, name)| name);
        renamed.insert(name.to_owned(), value.clone());
    }
    bigquery(&renamed.into())
}

fn pubsub(entry: &Value) -> Value {
    let data = BASE64_STANDARD.encode(entry.to_string());
    json!({"message": {"data": data, "messageId": "1"}, "subscription": "projects/p/subscriptions/s"})
}

fn go_client(entry: &Value) -> Value {
    let names = [
        ("timestamp", "Timestamp"),
        ("severity", "Severity"),
        ("insertId", "InsertID"),
        ("logName", "LogName"),
        ("labels", "Labels"),
        ("httpRequest", "HTTPRequest"),
        ("textPayload", "Payload"),
        ("jsonPayload", "Payload"),
        ("protoPayload", "Payload"),
        ("resource", "Resource"),
        ("trace", "Trace"),
        ("spanId", "SpanID"),
        ("operation", "Operation"),
        ("sourceLocation", "SourceLocation"),
    ];
    let mut renamed = Map::new();
    for (key, value) in entry.as_object().unwrap() {
        let name = names.iter().find(|(known, _)| known == key).map_or(key.as_str(), |(_, name)| name);
        renamed.insert(name.to_owned(), value.clone());
    }
    json!({ "Entry": renamed })
}

/// Inside of the record of another program, as an object or as text.
fn nested(entry: &Value, random: &mut Random) -> Value {
    if random.one_in(2) { json!({"offset": 1, "line": entry}) } else { json!({"offset": 1, "line": entry.to_string()}) }
}

/// A column for each field that occurs, named by its path.
fn csv(entries: &[Value]) -> Vec<u8> {
    let flat: Vec<Map<String, Value>> = entries.iter().map(flattened).collect();
    let names: BTreeSet<&String> = flat.iter().flat_map(|entry| entry.keys()).collect();
    let mut writer = csv::Writer::from_writer(Vec::new());
    let mut first = vec!["insertId", "timestamp"];
    first.extend(names.iter().map(|name| name.as_str()).filter(|name| !["insertId", "timestamp"].contains(name)));
    writer.write_record(&first).unwrap();
    for entry in &flat {
        let cell = |name: &&str| match entry.get(*name) {
            None | Some(Value::Null) => String::new(),
            Some(Value::String(text)) => text.clone(),
            Some(other) => other.to_string(),
        };
        writer.write_record(first.iter().map(cell)).unwrap();
    }
    writer.into_inner().unwrap()
}

fn flattened(entry: &Value) -> Map<String, Value> {
    fn walk(path: &str, value: &Value, depth: usize, into: &mut Map<String, Value>) {
        match value {
            Value::Object(members) if !members.is_empty() && depth < 6 => {
                for (key, value) in members {
                    let is_plain = key.chars().all(|sign| sign.is_ascii_alphanumeric() || sign == '_');
                    let name = if is_plain { key.clone() } else { format!("\"{key}\"") };
                    let path = if path.is_empty() { name } else { format!("{path}.{name}") };
                    walk(&path, value, depth + 1, into);
                }
            }
            _ => drop(into.insert(path.to_owned(), value.clone())),
        }
    }
    let mut flat = Map::new();
    walk("", entry, 0, &mut flat);
    flat
}

/// As `_AllLogs` has it: what is no text is JSON.
fn parquet(entries: &[Value]) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let (from, to) = (folder.path().join("entries.json"), folder.path().join("entries.parquet"));
    let names: BTreeSet<&String> = entries.iter().flat_map(|entry| entry.as_object().unwrap().keys()).collect();
    std::fs::write(&from, lines(entries.iter().cloned())).unwrap();
    let is_text =
        |name: &str| ["timestamp", "insertId", "severity", "logName", "textPayload", "trace", "spanId"].contains(&name);
    let columns: Vec<String> =
        names.iter().map(|name| format!("'{name}': '{}'", if is_text(name) { "varchar" } else { "json" })).collect();
    let sql = format!(
        "copy (from read_json('{}', format = 'newline_delimited', columns = {{{}}})) to '{}' (format parquet)",
        from.display(),
        columns.join(", "),
        to.display()
    );
    Connection::open_in_memory().unwrap().execute_batch(&sql).unwrap();
    std::fs::read(&to).unwrap()
}
