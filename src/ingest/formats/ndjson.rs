//! One JSON object a line, as a Cloud Storage sink writes it.

use std::io::{self, Read};

use super::Form;
use crate::ingest::{blocks::Blocks, open::each_chunk};

pub(super) const FORM: Form = Form {
    name: "ndjson",
    about: "one entry per line: the shards of a Cloud Storage sink, `LOG_ID/YYYY/MM/DD/08:00:00_08:59:59_S0.json`",
    sample: r#"{"insertId":"a1","logName":"projects/p/logs/run.googleapis.com%2Fstdout","timestamp":"2025-01-01T00:00:00Z","textPayload":"up"}"#,
    detect,
    cut,
    decode: None,
};

/// The first line is an object by itself, and an entry or at least no wrapper of lists.
fn detect(head: &[u8]) -> bool {
    if !head.starts_with(b"{") {
        return false;
    }
    let end = memchr::memchr(b'\n', head);
    let line = &head[..end.unwrap_or(head.len())];
    let is_whole = serde_json::from_slice::<serde_json::Map<String, serde_json::Value>>(line);
    match (is_whole, end) {
        (Ok(object), _) => is_entry(&object) || (end.is_some() && !object.values().any(holds_entries)),
        // a first line that is broken, with whole entries after it
        (Err(_), Some(end)) => line.len() > 2 && head[end..].split(|&byte| byte == b'\n').any(is_whole_entry),
        // a first line longer than what was looked at
        (Err(_), None) => !starts_a_wrapper(line),
    }
}

fn is_entry(object: &serde_json::Map<String, serde_json::Value>) -> bool {
    ["timestamp", "receiveTimestamp", "receive_timestamp"].iter().any(|key| object.contains_key(*key))
}

fn is_whole_entry(line: &[u8]) -> bool {
    super::names_an_entry(line)
        && serde_json::from_slice::<serde_json::Map<String, serde_json::Value>>(line)
            .is_ok_and(|object| is_entry(&object))
}

fn holds_entries(value: &serde_json::Value) -> bool {
    match value {
        serde_json::Value::Array(items) => {
            items.first().is_some_and(|item| item.as_object().is_some_and(is_entry) || item.is_array())
        }
        serde_json::Value::Object(object) => object.values().any(holds_entries),
        _ => false,
    }
}

/// A list opens before the first key of an entry.
fn starts_a_wrapper(line: &[u8]) -> bool {
    let list = memchr::memmem::find(line, b"[{").or_else(|| memchr::memmem::find(line, b"[ {"));
    let entry = memchr::memmem::find(line, b"\"timestamp\"").or_else(|| memchr::memmem::find(line, b"\"insertId\""));
    matches!((list, entry), (Some(list), Some(entry)) if list < entry)
}

pub(super) fn cut(input: &mut dyn Read, blocks: &mut Blocks<'_>) -> io::Result<()> {
    let mut cutter = Lines { line: 1, byte_offset: 0, is_open: false };
    each_chunk(input, |chunk| cutter.take(chunk, blocks))?;
    if cutter.is_open {
        blocks.end()?;
    }
    blocks.flush()
}

struct Lines {
    line: u64,
    byte_offset: u64,
    is_open: bool,
}

impl Lines {
    fn take(&mut self, chunk: &[u8], blocks: &mut Blocks<'_>) -> io::Result<()> {
        let mut start = 0;
        for end in memchr::memchr_iter(b'\n', chunk).chain([chunk.len()]) {
            let text = &chunk[start..end];
            if !self.is_open && !text.trim_ascii().is_empty() {
                blocks.begin(self.line, self.byte_offset, 0);
                self.is_open = true;
            }
            if self.is_open {
                blocks.extend(text);
            } else {
                blocks.separator_bytes += text.len() as u64;
            }
            self.byte_offset += (end - start) as u64;
            start = end + 1;
            if end < chunk.len() {
                self.byte_offset += 1;
                self.line += 1;
                blocks.separator_bytes += 1;
                if std::mem::take(&mut self.is_open) {
                    blocks.end()?;
                }
            }
        }
        Ok(())
    }
}
