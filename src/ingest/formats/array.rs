//! One JSON array of entries, newest first, as `gcloud logging read --format=json` and the Logs Explorer's download
//! write it.

use super::{Form, document};

pub(super) const FORM: Form = Form {
    name: "array",
    about: "one JSON array: `gcloud logging read --format=json`, or the Logs Explorer's JSON download",
    sample: r#"[{"insertId":"a1","timestamp":"2025-01-01T00:00:00Z","severity":"INFO","textPayload":"up"}]"#,
    detect,
    cut: document::cut,
    decode: None,
};

fn detect(head: &[u8]) -> bool {
    let Some(rest) = head.strip_prefix(b"[") else { return false };
    match rest.trim_ascii_start().first() {
        Some(b']') => true,
        // a text in brackets is no list
        Some(byte) => !byte.is_ascii_uppercase() && super::names_an_entry(rest),
        None => false,
    }
}
