//! Entries as Arrow columns, in the order of the table `raw_entries` (src/store/schema.sql).
//!
//! What repeats from entry to entry (where it comes from, its labels, its call site) is held once in a
//! table of its own under a hash of its content, so that parsers need not agree on numbers.

use std::{
    borrow::Cow,
    sync::{Arc, LazyLock},
};

use arrow::{
    array::{
        ArrayBuilder, ArrayRef, Int64Builder, RecordBatch, StringBuilder, TimestampNanosecondBuilder, UInt16Builder,
        UInt32Builder, UInt64Builder,
    },
    datatypes::{DataType, Field, Schema, SchemaRef, TimeUnit},
    error::ArrowError,
};
use rustc_hash::FxHashSet;
use xxhash_rust::xxh3::xxh3_64;

use super::{
    entry::Entry,
    json::Cursor,
    level::LevelSource,
    payload::{CallSite, member},
    source::{KnownSource, Source},
};
use crate::mine::ShapeId;

/// Builders of one batch of entries.
#[derive(Default)]
pub struct Columns {
    entry_at: TimestampNanosecondBuilder,
    received_at: TimestampNanosecondBuilder,
    severity: StringBuilder,
    level: StringBuilder,
    level_source: StringBuilder,
    source_id: UInt64Builder,
    label_set_id: UInt64Builder,
    call_site_id: UInt64Builder,
    kind: StringBuilder,
    shape_id: StringBuilder,
    insert_id: StringBuilder,
    trace: StringBuilder,
    span: StringBuilder,
    message: StringBuilder,
    user: StringBuilder,
    http_method: StringBuilder,
    http_status: UInt16Builder,
    http_url: StringBuilder,
    http_latency_ns: Int64Builder,
    http_user_agent: StringBuilder,
    payload: StringBuilder,
    extra: StringBuilder,
    fullness: UInt32Builder,
    entry_key: UInt64Builder,
    file_id: UInt32Builder,
    line: UInt64Builder,
}

impl Columns {
    pub fn is_empty(&self) -> bool {
        self.entry_at.is_empty()
    }

    pub fn push(&mut self, entry: &Entry<'_>, ids: &Ids, place: Place) {
        self.entry_at.append_value(entry.entry_at);
        self.received_at.append_option(entry.received_at);
        self.severity.append_value(entry.severity);
        self.level.append_option(entry.level);
        self.level_source.append_option(entry.level_source.map(LevelSource::as_str));
        self.source_id.append_value(ids.source);
        self.label_set_id.append_option(ids.label_set);
        self.call_site_id.append_option(ids.call_site);
        self.kind.append_value(entry.kind);
        match ids.shape {
            Some(shape) => self.shape_id.append_value(std::str::from_utf8(&shape.to_chars()).unwrap_or_default()),
            None => self.shape_id.append_null(),
        }
        self.insert_id.append_option(entry.insert_id.as_deref());
        self.trace.append_option(entry.trace.as_deref());
        self.span.append_option(entry.span.as_deref());
        self.message.append_option(entry.message.as_deref());
        self.user.append_option(entry.user.as_deref());
        self.http_method.append_option(entry.http.method.as_deref());
        self.http_status.append_option(entry.http.status);
        self.http_url.append_option(entry.http.url.as_deref());
        self.http_latency_ns.append_option(entry.http.latency_ns);
        self.http_user_agent.append_option(entry.http.user_agent.as_deref());
        self.payload.append_option(entry.payload.as_deref());
        self.extra.append_option(entry.extra.as_deref());
        self.fullness.append_value(entry.fullness);
        self.entry_key.append_value(ids.entry_key);
        self.file_id.append_value(place.file_id);
        self.line.append_value(place.line);
    }

    pub fn finish(&mut self) -> Result<RecordBatch, ArrowError> {
        let rows = self.entry_at.len();
        let columns: Vec<ArrayRef> = vec![
            Arc::new(self.entry_at.finish()),
            Arc::new(self.received_at.finish()),
            finish_text(&mut self.severity, rows),
            finish_text(&mut self.level, rows),
            finish_text(&mut self.level_source, rows),
            Arc::new(self.source_id.finish()),
            Arc::new(self.label_set_id.finish()),
            Arc::new(self.call_site_id.finish()),
            finish_text(&mut self.kind, rows),
            finish_text(&mut self.shape_id, rows),
            finish_text(&mut self.insert_id, rows),
            finish_text(&mut self.trace, rows),
            finish_text(&mut self.span, rows),
            finish_text(&mut self.message, rows),
            finish_text(&mut self.user, rows),
            finish_text(&mut self.http_method, rows),
            Arc::new(self.http_status.finish()),
            finish_text(&mut self.http_url, rows),
            Arc::new(self.http_latency_ns.finish()),
            finish_text(&mut self.http_user_agent, rows),
            finish_text(&mut self.payload, rows),
            finish_text(&mut self.extra, rows),
            Arc::new(self.fullness.finish()),
            Arc::new(self.entry_key.finish()),
            Arc::new(self.file_id.finish()),
            Arc::new(self.line.finish()),
        ];
        RecordBatch::try_new(Self::schema(), columns)
    }

    /// Names and types in the order of the columns.
    pub fn schema() -> SchemaRef {
        static SCHEMA: LazyLock<SchemaRef> = LazyLock::new(|| {
            let columns = [
                ("entry_at", DataType::Timestamp(TimeUnit::Nanosecond, None)),
                ("received_at", DataType::Timestamp(TimeUnit::Nanosecond, None)),
                ("severity", DataType::Utf8),
                ("level", DataType::Utf8),
                ("level_source", DataType::Utf8),
                ("source_id", DataType::UInt64),
                ("label_set_id", DataType::UInt64),
                ("call_site_id", DataType::UInt64),
                ("kind", DataType::Utf8),
                ("shape_id", DataType::Utf8),
                ("insert_id", DataType::Utf8),
                ("trace", DataType::Utf8),
                ("span", DataType::Utf8),
                ("message", DataType::Utf8),
                ("user", DataType::Utf8),
                ("http_method", DataType::Utf8),
                ("http_status", DataType::UInt16),
                ("http_url", DataType::Utf8),
                ("http_latency_ns", DataType::Int64),
                ("http_user_agent", DataType::Utf8),
                ("payload", DataType::Utf8),
                ("extra", DataType::Utf8),
                ("fullness", DataType::UInt32),
                ("entry_key", DataType::UInt64),
                ("file_id", DataType::UInt32),
                ("line", DataType::UInt64),
            ];
            let fields = columns.map(|(name, data_type)| Field::new(name, data_type, true));
            Arc::new(Schema::new(fields.to_vec()))
        });
        Arc::clone(&SCHEMA)
    }
}

/// Finishes a column, whose next batch gets the room that this one took: most are alike.
fn finish_text(column: &mut StringBuilder, rows: usize) -> ArrayRef {
    let bytes = column.values_slice().len();
    let next = StringBuilder::with_capacity(rows, bytes + bytes / 8);
    Arc::new(std::mem::replace(column, next).finish())
}

#[derive(Debug, Clone, Copy)]
pub struct Place {
    pub file_id: u32,
    pub line: u64,
}

/// The hashes an entry is stored under.
#[derive(Debug, Clone, Copy)]
pub struct Ids {
    pub source: u64,
    pub label_set: Option<u64>,
    pub call_site: Option<u64>,
    pub shape: Option<ShapeId>,
    pub entry_key: u64,
}

/// Rows of the small tables that a parser met for the first time.
#[derive(Default)]
pub struct Dictionaries {
    seen: FxHashSet<u64>,
    pub sources: Vec<(u64, Source)>,
    pub label_sets: Vec<(u64, String, String)>,
    pub call_sites: Vec<(u64, CallSite<'static>)>,
}

/// Labels of an entry that name the instance it was written by.
const INSTANCE_LABELS: [&str; 5] =
    ["instanceId", "instance_id", "instanceid", "appengine.googleapis.com/instance_name", "execution_id"];

/// Beyond this many remembered hashes the memory is cleared; the store drops what it gets twice.
const SEEN_LIMIT: usize = 1 << 20;

impl Dictionaries {
    /// The ids of an entry's source, labels and call site, whose rows are kept if they are new.
    pub fn resolve(&mut self, entry: &Entry<'_>) -> (u64, Option<u64>, Option<u64>) {
        if self.seen.len() > SEEN_LIMIT {
            self.seen.clear();
        }
        (self.source(&entry.source), self.label_set(entry), self.call_site(&entry.call_site))
    }

    fn source(&mut self, known: &KnownSource) -> u64 {
        if self.seen.insert(known.id) {
            self.sources.push((known.id, known.source.clone()));
        }
        known.id
    }

    fn label_set(&mut self, entry: &Entry<'_>) -> Option<u64> {
        let labels = without_trace(entry.labels.as_deref()?, entry.trace.as_deref());
        let labels = Some(labels.as_ref()).filter(|labels| *labels != "{}")?;
        let id = xxh3_64(labels.as_bytes());
        if self.seen.insert(id) {
            // labels were read as part of their entry, so they are JSON
            let instance_id = member(&mut Cursor::new(labels), &INSTANCE_LABELS).unwrap_or_default();
            self.label_sets.push((id, instance_id.unwrap_or_default().into_owned(), labels.to_owned()));
        }
        Some(id)
    }

    fn call_site(&mut self, site: &CallSite<'_>) -> Option<u64> {
        if site.module.is_empty() && site.function.is_empty() {
            return None;
        }
        let line = site.line.map(|line| line.to_string()).unwrap_or_default();
        let id = hash_parts(&[&site.module, &site.function, &line]);
        if self.seen.insert(id) {
            let row = CallSite {
                module: site.module.to_string().into(),
                function: site.function.to_string().into(),
                line: site.line,
            };
            self.call_sites.push((id, row));
        }
        Some(id)
    }
}

/// Labels without the one that App Engine repeats the entry's trace in: it would make a set of its own for each request.
fn without_trace<'a>(labels: &'a str, trace: Option<&str>) -> Cow<'a, str> {
    const OF_TRACE: &str = "appengine.googleapis.com/trace_id";
    let Some(trace) = trace.filter(|_| labels.contains(OF_TRACE)) else { return Cow::Borrowed(labels) };
    let Ok(mut members) = serde_json::from_str::<serde_json::Map<String, serde_json::Value>>(labels) else {
        return Cow::Borrowed(labels);
    };
    let is_same = |value: &serde_json::Value| value.as_str().is_some_and(|id| !id.is_empty() && trace.ends_with(id));
    match members.get(OF_TRACE).is_some_and(is_same) {
        true => {
            members.shift_remove(OF_TRACE);
            Cow::Owned(serde_json::Value::Object(members).to_string())
        }
        false => Cow::Borrowed(labels),
    }
}

/// The identity of an entry beside its time: project and insertId; without one, the whole entry.
pub fn entry_key(entry: &Entry<'_>, raw: &str) -> u64 {
    match entry.insert_id.as_deref() {
        Some(insert_id) => hash_parts(&[&entry.source.source.project, insert_id]),
        None => canonical_hash(raw),
    }
}

fn canonical_hash(raw: &str) -> u64 {
    match serde_json::from_str::<serde_json::Value>(raw) {
        Ok(mut value) => {
            value.sort_all_objects();
            xxh3_64(value.to_string().as_bytes())
        }
        Err(_) => xxh3_64(raw.as_bytes()),
    }
}

/// Each part ends with a zero byte, so that `ab`, `c` and `a`, `bc` differ.
pub fn hash_parts(parts: &[&str]) -> u64 {
    let mut bytes = [0; 256];
    let length = parts.iter().map(|part| part.len() + 1).sum::<usize>();
    if length > bytes.len() {
        let joined: Vec<u8> = parts.iter().flat_map(|part| part.bytes().chain([0])).collect();
        return xxh3_64(&joined);
    }
    let mut at = 0;
    for part in parts {
        bytes[at..at + part.len()].copy_from_slice(part.as_bytes());
        at += part.len();
        bytes[at] = 0;
        at += 1;
    }
    xxh3_64(&bytes[..length])
}
