//! Log Analytics' `_AllLogs`, exported as JSON: snake case, `log_id`, payloads as JSON or as JSON inside a string.

use super::{Form, first_keys, is_first_line_whole, ndjson};

pub(super) const FORM: Form = Form {
    name: "log-analytics",
    about: "Log Analytics' `_AllLogs`, exported as one JSON object per line",
    sample: r#"{"log_id":"run.googleapis.com/stdout","severity":"INFO","timestamp":"2025-01-01 00:00:00.5 UTC","insert_id":"a1","json_payload":{"message":"up"}}"#,
    detect,
    cut: ndjson::cut,
    decode: None,
};

fn detect(head: &[u8]) -> bool {
    head.starts_with(b"{") && is_first_line_whole(head) && {
        let keys = first_keys(head);
        let has = |name: &str| keys.iter().any(|key| key == name);
        has("timestamp") && (has("log_id") || has("severity_number"))
    }
}
