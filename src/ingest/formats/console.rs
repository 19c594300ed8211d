//! Lines that the console copies of entries that are folded: `SEVERITY TIME summary`. Of an entry that was unfolded the
//! JSON stands below its line and is read instead.

use serde_json::{Map, Value};

use super::{Form, csv::put, transcript};
use crate::{ingest::severity::NAMES, time::timestamp};

pub(super) const FORM: Form = Form {
    name: "console",
    about: "summary lines copied from the console, `SEVERITY TIME text`, with or without the JSON of unfolded entries below",
    sample: "ERROR 2025-01-01T00:00:00.500Z [httpRequest.requestMethod: GET] [httpRequest.status: 503] [httpRequest.latency: 2 ms] https://p.example/leaves",
    detect,
    cut: transcript::cut,
    decode: Some(transcript::decode),
};

fn detect(head: &[u8]) -> bool {
    let line = memchr::memchr(b'\n', head).map_or(head, |end| &head[..end]);
    is_summary(line)
}

/// A console's line, apart.
pub(super) struct Summary<'a> {
    pub severity: &'static str,
    pub time: &'a str,
    pub text: &'a str,
}

pub(super) fn is_summary(line: &[u8]) -> bool {
    let head = line.trim_ascii_start();
    let has_name =
        NAMES.iter().any(|name| head.get(..name.len()).is_some_and(|word| word.eq_ignore_ascii_case(name.as_bytes())));
    has_name && summary(&String::from_utf8_lossy(&head[..head.len().min(80)])).is_some()
}

pub(super) fn summary(line: &str) -> Option<Summary<'_>> {
    let (word, rest) = line.trim_start().split_once([' ', '\t'])?;
    let severity = *NAMES.iter().find(|name| name.eq_ignore_ascii_case(word))?;
    let rest = rest.trim_start();
    // `2025-06-10T10:00:01Z`, or `2025-06-10 10:00:01.325 UTC`
    let blanks = rest.match_indices(char::is_whitespace).map(|(at, _)| at).chain([rest.len()]).take(3);
    let ends: Vec<usize> = blanks.collect();
    let end = ends.into_iter().rev().find(|&end| is_time(&rest[..end]))?;
    Some(Summary { severity, time: &rest[..end], text: rest[end..].trim_start() })
}

fn is_time(text: &str) -> bool {
    text.len() >= 19 && text.starts_with(|c: char| c.is_ascii_digit()) && timestamp::parse(text).is_some()
}

/// The JSON of the entry in a line.
pub(super) fn entry(line: &str) -> Result<String, String> {
    let summary = summary(line).ok_or("no line of the console")?;
    let mut entry = Map::new();
    entry.insert("timestamp".into(), summary.time.into());
    entry.insert("severity".into(), summary.severity.into());
    let mut rest = summary.text.trim_end();
    while let Some((path, value, after)) = field(rest) {
        put(&mut entry, path, as_in_entry(path, value));
        rest = after;
    }
    let is_request = entry.contains_key("httpRequest");
    if is_request && (rest.starts_with("http") || rest.starts_with('/')) {
        put(&mut entry, "httpRequest.requestUrl", rest.into());
    } else if !rest.is_empty() {
        entry.insert("textPayload".into(), rest.into());
    }
    Ok(Value::Object(entry).to_string())
}

/// `[httpRequest.status: 200] ` before the text, and what comes after it.
fn field(text: &str) -> Option<(&str, &str, &str)> {
    const FIELDS: [&str; 5] = ["httpRequest.", "resource.", "labels.", "jsonPayload.", "protoPayload."];
    let inside = text.strip_prefix('[')?;
    FIELDS.iter().any(|field| inside.starts_with(field)).then_some(())?;
    let (path, rest) = inside.split_once(": ")?;
    let (value, after) = rest.split_once("] ").or_else(|| Some((rest.strip_suffix(']')?, "")))?;
    (!path.contains([' ', ']'])).then_some((path, value, after.trim_start()))
}

/// Sizes and times as an entry has them: `419 B` is `419`, `2 ms` is `0.002s`.
fn as_in_entry(path: &str, value: &str) -> Value {
    let read = match path {
        "httpRequest.latency" => seconds(value),
        "httpRequest.responseSize" | "httpRequest.requestSize" => value.strip_suffix(" B").map(str::to_owned),
        _ => None,
    };
    read.unwrap_or_else(|| value.to_owned()).into()
}

fn seconds(duration: &str) -> Option<String> {
    let (number, unit) = duration.split_once(' ')?;
    let nanos = match unit {
        "ns" => 1.0,
        "us" | "µs" | "μs" => 1e3,
        "ms" => 1e6,
        "s" => 1e9,
        "m" | "min" => 60e9,
        "h" => 3_600e9,
        _ => return None,
    };
    let nanos = (number.parse::<f64>().ok()? * nanos).round() as u64;
    Some(format!("{}.{:09}s", nanos / 1_000_000_000, nanos % 1_000_000_000))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_read_and_other_text_is_not() {
        for line in [
            "INFO 2025-06-10T10:00:03.939460Z up",
            "Default 2025-06-10 10:00:03.9 up",
            "ERROR 2025-06-10T10:00:03+02:00",
        ] {
            assert!(is_summary(line.as_bytes()), "{line}");
        }
        for line in
            ["INFO up", "2025-06-10T10:00:03Z INFO up", "ERROR 2025-06-10 it rained", "INFORM 2025-06-10T10:00:03Z"]
        {
            assert!(!is_summary(line.as_bytes()), "{line}");
        }
        assert_eq!(seconds("2 ms").as_deref(), Some("0.002000000s"));
        assert_eq!(seconds("31 s").as_deref(), Some("31.000000000s"));
        assert_eq!(seconds("soon"), None);
    }
}
