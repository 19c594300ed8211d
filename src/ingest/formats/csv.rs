//! The Logs Explorer's CSV download: a column for each field that occurs, named by its path.
//!
//! Since 2025 an apostrophe stands before every name and cell that a spreadsheet might take for a formula. Of these one is
//! taken away.

use std::io::{self, Read};

use csv::{ByteRecord, ReaderBuilder};
use serde_json::{Map, Value};

use super::Form;
use crate::ingest::{blocks::Blocks, open::read_full};

pub(super) const FORM: Form = Form {
    name: "csv",
    about: "the Logs Explorer's CSV download: one column per field, named by its path",
    sample: "insertId,jsonPayload.message,logName,severity,timestamp\na1,up,projects/p/logs/stdout,INFO,2025-01-01T00:00:00Z",
    detect,
    cut,
    decode: None,
};

/// Columns that are empty everywhere are left out, so any of these may be missing.
const BESIDE_TIME: [&str; 8] =
    ["insertId", "insert_id", "logName", "log_name", "severity", "receiveTimestamp", "resource.type", "textPayload"];

fn detect(head: &[u8]) -> bool {
    let line = memchr::memchr(b'\n', head).map_or(head, |end| &head[..end]);
    let names: Vec<&[u8]> = line.split(|&byte| byte == b',').map(|name| name.trim_ascii().trim_ascii_end()).collect();
    let has = |name: &str| names.iter().any(|field| unquoted(field) == name.as_bytes());
    has("timestamp") && BESIDE_TIME.iter().any(|name| has(name))
}

fn unquoted(name: &[u8]) -> &[u8] {
    let name = name.strip_prefix(b"\"").and_then(|name| name.strip_suffix(b"\"")).unwrap_or(name);
    name.strip_prefix(b"'").unwrap_or(name)
}

fn cut(input: &mut dyn Read, blocks: &mut Blocks<'_>) -> io::Result<()> {
    let mut head = vec![0; super::HEAD_BYTES];
    let mut rest = input;
    let length = read_full(&mut rest, &mut head)?;
    head.truncate(length);
    // a record ends at `\r`; the `\n` of such a break stands before the next
    let break_rest = u64::from(memchr::memmem::find(&head, b"\r\n").is_some());
    let input = io::Cursor::new(head).chain(rest);
    let mut reader = ReaderBuilder::new().flexible(true).buffer_capacity(1 << 20).from_reader(input);
    let names: Vec<String> =
        reader.byte_headers()?.iter().map(|name| String::from_utf8_lossy(unmarked(name)).into_owned()).collect();
    let time = names.iter().position(|name| name == "timestamp");
    let mut start = reader.position().byte();
    blocks.separator_bytes += start;
    let mut record = ByteRecord::new();
    while reader.read_byte_record(&mut record)? {
        let line = record.position().map_or(0, csv::Position::line) + break_rest;
        let end = reader.position().byte();
        blocks.begin(line, start + break_rest, 0);
        blocks.extend_decoded(entry(&names, time, &record).as_bytes(), end - start);
        if record.len() != names.len() {
            blocks.fail(format!("{} fields where the first line names {}", record.len(), names.len()));
        }
        blocks.end()?;
        start = end;
    }
    blocks.separator_bytes += reader.position().byte() - start;
    blocks.flush()
}

/// A time begins with a digit, so it shows whether the cells of its record are marked.
fn entry(names: &[String], time: Option<usize>, record: &ByteRecord) -> String {
    let is_marked = time.and_then(|at| record.get(at)).is_some_and(|cell| cell.starts_with(b"'"));
    let mut entry = Map::new();
    for (name, field) in names.iter().zip(record).filter(|(_, field)| !field.is_empty()) {
        let text = String::from_utf8_lossy(if is_marked { unmarked(field) } else { field });
        put(&mut entry, name, value(name, &text));
    }
    Value::Object(entry).to_string()
}

fn unmarked(cell: &[u8]) -> &[u8] {
    cell.strip_prefix(b"'").unwrap_or(cell)
}

/// A column that holds a whole object has it as JSON; everything else is text.
fn value(name: &str, text: &str) -> Value {
    let is_whole = !name.contains('.') && text.starts_with(['{', '[']);
    let parsed = if is_whole { serde_json::from_str(text).ok() } else { None };
    parsed.unwrap_or_else(|| text.into())
}

/// Puts a value where its path says. Names of labels may have dots themselves, so below labels the rest is one name.
pub(super) fn put(object: &mut Map<String, Value>, path: &str, value: Value) {
    let (name, rest) = first_name(path);
    let Some(rest) = rest else {
        object.insert(name.to_owned(), value);
        return;
    };
    let inner = object.entry(name).or_insert_with(|| Map::new().into());
    if let Value::Object(inner) = inner {
        if name == "labels" {
            inner.insert(quoted(rest).map_or(rest, |(name, _)| name).to_owned(), value);
        } else {
            put(inner, rest, value);
        }
    }
}

/// `a` of `a.b`; a name with other signs stands in quotes.
fn first_name(path: &str) -> (&str, Option<&str>) {
    if let Some((name, rest)) = quoted(path) {
        return (name, rest.strip_prefix('.'));
    }
    path.split_once('.').map_or((path, None), |(name, rest)| (name, Some(rest)))
}

/// `commit-sha` of `"commit-sha".rest`, and the rest.
fn quoted(path: &str) -> Option<(&str, &str)> {
    path.strip_prefix('"')?.split_once('"')
}
