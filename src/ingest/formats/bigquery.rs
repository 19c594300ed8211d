//! A BigQuery sink's table, exported as JSON: the entry's own names, audit logs and typed payloads in columns named
//! for their type, times as BigQuery prints them.

use super::{Form, first_keys, is_first_line_whole, ndjson};

pub(super) const FORM: Form = Form {
    name: "bigquery",
    about: "a BigQuery sink's table, exported as one JSON object per line",
    sample: r#"{"logName":"projects/p/logs/stdout","timestamp":"2025-01-01 00:00:00.500000 UTC","insertId":"a1","jsonPayload":{"message":"up"}}"#,
    detect,
    cut: ndjson::cut,
    decode: None,
};

fn detect(head: &[u8]) -> bool {
    head.starts_with(b"{") && is_first_line_whole(head) && {
        let keys = first_keys(head);
        let is_typed = |key: &String| key.starts_with("protopayload_") || key.starts_with("jsonpayload_");
        keys.iter().any(|key| key == "timestamp") && (keys.iter().any(is_typed) || has_printed_time(head))
    }
}

/// `"timestamp":"2025-01-01 00:00:00 UTC"` in the first line.
fn has_printed_time(head: &[u8]) -> bool {
    let line = memchr::memchr(b'\n', head).map_or(head, |end| &head[..end]);
    let Some(at) = memchr::memmem::rfind(line, b"\"timestamp\"") else { return false };
    let value = line[at + 11..].trim_ascii_start().strip_prefix(b":").unwrap_or_default().trim_ascii_start();
    value.get(1..).and_then(|text| text.split(|&byte| byte == b'"').next()).is_some_and(|text| text.ends_with(b" UTC"))
}
