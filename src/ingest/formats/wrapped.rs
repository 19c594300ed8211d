//! Entries nested under keys of a client's own, with facts about the collection beside them.

use super::{Form, document};

pub(super) const FORM: Form = Form {
    name: "wrapped",
    about: "an object with lists of entries, as clients dump them",
    sample: r#"{"fetch_time":"2025-01-01T00:00:00","logs_by_severity":{"ERROR":[{"timestamp":"2025-01-01T00:00:00+00:00","insert_id":"a1","text_payload":"up"}]}}"#,
    detect,
    cut: document::cut,
    decode: None,
};

fn detect(head: &[u8]) -> bool {
    head.starts_with(b"{") && head.contains(&b'[') && super::names_an_entry(head)
}
