//! One JSON array of entries, newest first, as `gcloud logging read --format=json` prints it:
//! `[{"insertId":"a1","timestamp":"2025-01-01T00:00:00Z","textPayload":"up"}]`

use super::{Form, document};

pub const FORM: Form = Form { name: "array", about: "one JSON array, as gcloud prints it", detect, cut: document::cut };

fn detect(head: &[u8]) -> bool {
    let Some(rest) = head.strip_prefix(b"[") else { return false };
    rest.trim_ascii_start().starts_with(b"]") || super::names_an_entry(rest)
}
