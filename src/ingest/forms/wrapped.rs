//! Entries nested under keys of a client's own, with facts about the collection beside them:
//! `{"fetch_time":"2025-01-01T00:00:00","logs_by_severity":{"ERROR":[{"timestamp":"...","insert_id":"a1"}]}}`

use super::{Form, document};

pub const FORM: Form =
    Form { name: "wrapped", about: "entries under keys of a client's dump", detect, cut: document::cut };

fn detect(head: &[u8]) -> bool {
    head.starts_with(b"{") && head.contains(&b'[') && super::names_an_entry(head)
}
