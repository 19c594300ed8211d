//! JSON as entries are read from it: our reader takes what serde takes, and what it hands on is JSON.

#![no_main]

use libfuzzer_sys::fuzz_target;
use log_gardener::ingest::{
    entry,
    json::{Cursor, DEPTH_LIMIT, canonical},
    source::Sources,
};
use serde::de::IgnoredAny;
use serde_json::Value;

fuzz_target!(|bytes: &[u8]| {
    let text = String::from_utf8_lossy(bytes);
    read_as_serde_reads(&text);
    read_as_entry(&text);
});

fn read_as_serde_reads(text: &str) {
    let mut cursor = Cursor::new(text);
    let raw = cursor.raw().and_then(|raw| cursor.end().map(|()| raw));
    let has_halves = cursor.halves > 0;
    match raw {
        Ok(raw) => {
            assert!(has_halves || is_json(text), "our reader takes what serde refuses");
            let plain = canonical(raw, has_halves);
            assert!(is_json(&plain), "the canonical form is no JSON: {plain}");
            if !has_halves && let Ok(value) = serde_json::from_str::<Value>(text) {
                assert_eq!(
                    serde_json::from_str::<Value>(&plain).ok(),
                    Some(value),
                    "the canonical form says another thing"
                );
            }
        }
        Err(fault) => {
            assert!(fault.at <= text.len(), "the fault lies beyond the text");
            let is_deep = text.bytes().filter(|byte| matches!(byte, b'[' | b'{')).count() > DEPTH_LIMIT;
            assert!(has_halves || is_deep || !is_json(text), "our reader refuses what serde takes: {fault:?}");
        }
    }
}

fn read_as_entry(text: &str) {
    let mut sources = Sources::default();
    let Ok(entry) = entry::parse(text, &mut sources) else { return };
    for json in [entry.payload.as_deref(), entry.labels.as_deref(), entry.extra.as_deref()].into_iter().flatten() {
        assert!(is_json(json), "a field that SQL reads as JSON is none: {json}");
    }
    let again = entry::parse(text, &mut sources).map(|entry| format!("{entry:?}"));
    assert_eq!(again.ok(), Some(format!("{entry:?}")), "an entry reads differently the second time");
}

fn is_json(text: &str) -> bool {
    serde_json::from_str::<IgnoredAny>(text).is_ok()
}
