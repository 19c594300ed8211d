//! Times in words beside times in nanoseconds: people and many programs read `2025-09-14T09:35:23.759089Z` more easily.

use jiff::Timestamp;
use serde::Serialize;
use serde_json::{Map, Value};

/// Keys of nanoseconds since 1970. All other keys that end with `_ns` are lengths of time.
const MOMENTS: [&str; 28] = [
    "back_ns",
    "base_from_ns",
    "base_to_ns",
    "change_ns",
    "entry_ns",
    "file_first_ns",
    "file_last_ns",
    "first_cut_ns",
    "first_ended_ns",
    "first_ns",
    "first_of_all_ns",
    "first_started_ns",
    "from_ns",
    "generated_ns",
    "gone_ns",
    "last_cut_ns",
    "last_ended_ns",
    "last_ns",
    "last_started_ns",
    "last_urgent_ns",
    "run_ended_ns",
    "service_first_ns",
    "since_ns",
    "target_from_ns",
    "target_last_ns",
    "target_to_ns",
    "to_ns",
    "until_ns",
];

pub fn is_moment(key: &str) -> bool {
    MOMENTS.contains(&key)
}

/// The key of the same time in words.
pub fn companion(key: &str) -> String {
    format!("{}_at", key.trim_end_matches("_ns"))
}

/// The document as JSON, each moment in words too, right after its nanoseconds.
pub fn with_times(document: &impl Serialize) -> serde_json::Result<Value> {
    let mut value = serde_json::to_value(document)?;
    add_times(&mut value);
    Ok(value)
}

fn add_times(value: &mut Value) {
    match value {
        Value::Array(values) => values.iter_mut().for_each(add_times),
        Value::Object(map) => {
            let mut told = Map::with_capacity(map.len() * 2);
            for (key, mut value) in std::mem::take(map) {
                let words = is_moment(&key).then(|| in_words(&value)).flatten();
                add_times(&mut value);
                let name = companion(&key);
                told.insert(key, value);
                if let Some(words) = words {
                    told.entry(name).or_insert(words);
                }
            }
            *map = told;
        }
        _ => {}
    }
}

/// Nothing where it is no time.
fn in_words(value: &Value) -> Option<Value> {
    match value {
        Value::Null => Some(Value::Null),
        value => Some(Timestamp::from_nanosecond(value.as_i64()?.into()).ok()?.to_string().into()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn moments_are_told_in_words_and_lengths_are_not() {
        let document = json!({"rows": [{"first_ns": 1_500_000_000_i64, "pause_ns": 5, "gone_ns": null}], "to_ns": 0});
        let expected = json!({
            "rows": [{
                "first_ns": 1_500_000_000_i64, "first_at": "1970-01-01T00:00:01.5Z", "pause_ns": 5,
                "gone_ns": null, "gone_at": null,
            }],
            "to_ns": 0, "to_at": "1970-01-01T00:00:00Z",
        });
        assert_eq!(with_times(&document).unwrap().to_string(), expected.to_string());
    }
}
