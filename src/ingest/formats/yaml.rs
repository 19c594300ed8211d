//! YAML documents parted by `---`, as `gcloud logging read` prints them by default.
//!
//! A document is turned into the JSON of its entry from the parser's events, so that numbers stay as written.

use granit_parser::{Event, Options, Parser, ScalarStyle, ScanError};
use rustc_hash::FxHashMap;
use serde_json::Value;

use super::{Form, transcript};
use crate::ingest::{entry::ENTRY_LIMIT, json::is_number};

pub(super) const FORM: Form = Form {
    name: "yaml",
    about: "YAML documents separated by `---`: `gcloud logging read` without `--format`",
    sample: "---\ninsertId: a1\nlogName: projects/p/logs/stdout\ntextPayload: |-\n  up\n    and well\ntimestamp: '2025-01-01T00:00:00Z'",
    detect,
    cut: transcript::cut,
    decode: Some(transcript::decode),
};

fn detect(head: &[u8]) -> bool {
    let seen = transcript::look(head);
    seen.starts_with_yaml && seen.yaml
}

/// The keys an entry's document can begin with: gcloud sorts them. Those that any document could have are not among them.
const FIRST_KEYS: [&[u8]; 6] =
    [b"errorGroups", b"httpRequest", b"insertId", b"jsonPayload", b"logName", b"receiveTimestamp"];

/// `insertId: a1`, at the start of a line or of an item of a list.
pub(super) fn starts_entry(line: &[u8]) -> bool {
    key_of(line.strip_prefix(b"- ").unwrap_or(line)).is_some_and(|(key, _)| FIRST_KEYS.contains(&key))
}

/// The line gives the time of an entry.
pub(super) fn is_time(line: &[u8]) -> bool {
    let line = line.strip_prefix(b"- ").or_else(|| line.strip_prefix(b"  ")).unwrap_or(line);
    key_of(line).is_some_and(|(key, _)| matches!(key, b"timestamp" | b"receiveTimestamp"))
}

/// The key at the start of a line, and what stands after its colon. Names of fields begin with a small letter or a quote,
/// which the words before a colon in a program's output seldom do.
pub(super) fn key_of(line: &[u8]) -> Option<(&[u8], &[u8])> {
    let first = *line.first()?;
    if !first.is_ascii_lowercase() && !matches!(first, b'\'' | b'"' | b'_') {
        return None;
    }
    let colon = memchr::memchr(b':', line)?;
    let (key, rest) = (&line[..colon], &line[colon + 1..]);
    let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || b"_-@./'\"".contains(byte);
    let is_ended = rest.first().is_none_or(u8::is_ascii_whitespace);
    (is_ended && key.iter().all(is_name)).then_some((key, rest.trim_ascii()))
}

/// The JSON of a document.
pub(super) fn entry(document: &str) -> Result<String, String> {
    let mut writer = Writer::default();
    for event in Parser::new_from_str_with_options(document, Options::default()) {
        let (event, _) = event.map_err(|error| said(&error))?;
        writer.take(event)?;
        if writer.out.len() > ENTRY_LIMIT {
            return Err(format!("entry above the limit of {ENTRY_LIMIT} bytes"));
        }
    }
    Ok(writer.finish())
}

fn said(error: &ScanError) -> String {
    format!("no YAML at line {} of the document: {}", error.marker().line(), error.info())
}

/// Writes events as JSON.
#[derive(Default)]
struct Writer {
    out: String,
    open: Vec<Open>,
    /// Where the nodes that have an anchor were written.
    anchors: FxHashMap<usize, (usize, usize)>,
    /// Items of the list that the document is, if it is one.
    items: usize,
}

struct Open {
    is_object: bool,
    is_key_next: bool,
    anchor: usize,
    start: usize,
}

impl Writer {
    fn take(&mut self, event: Event<'_>) -> Result<(), String> {
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                let is_text = style != ScalarStyle::Plain || tag.is_some_and(|tag| tag.core_suffix() == Some("str"));
                self.scalar(&text, is_text, anchor);
            }
            Event::MappingStart(_, anchor, _) => self.begin('{', anchor)?,
            Event::SequenceStart(_, anchor, _) => self.begin('[', anchor)?,
            Event::MappingEnd => self.end('}'),
            Event::SequenceEnd => self.end(']'),
            Event::Alias(id) => self.alias(id)?,
            _ => {}
        }
        Ok(())
    }

    fn scalar(&mut self, text: &str, is_text: bool, anchor: usize) {
        if self.is_key() {
            self.part();
            self.out.push_str(&Value::from(text).to_string());
            self.out.push(':');
            self.open.last_mut().into_iter().for_each(|open| open.is_key_next = false);
            return;
        }
        self.part();
        let start = self.out.len();
        // the fields of an entry are texts, and an id may look like a number
        let is_field = self.open.len() <= 1 + usize::from(self.out.starts_with('['));
        match text {
            _ if is_text => self.out.push_str(&Value::from(text).to_string()),
            "" | "~" | "null" | "Null" | "NULL" => self.out.push_str("null"),
            "true" | "True" | "TRUE" => self.out.push_str("true"),
            "false" | "False" | "FALSE" => self.out.push_str("false"),
            _ if !is_field && is_number(text) => self.out.push_str(text),
            _ => self.out.push_str(&Value::from(text).to_string()),
        }
        self.done(anchor, start);
    }

    fn begin(&mut self, bracket: char, anchor: usize) -> Result<(), String> {
        if self.is_key() {
            return Err("a key that is no text".into());
        }
        self.part();
        let start = self.out.len();
        self.out.push(bracket);
        let is_object = bracket == '{';
        self.open.push(Open { is_object, is_key_next: is_object, anchor, start });
        Ok(())
    }

    fn end(&mut self, bracket: char) {
        self.out.push(bracket);
        if let Some(Open { anchor, start, .. }) = self.open.pop() {
            self.done(anchor, start);
        }
    }

    /// What an alias stands for is written again.
    fn alias(&mut self, id: usize) -> Result<(), String> {
        let &(start, end) = self.anchors.get(&id).ok_or("an alias of what is not there yet")?;
        if self.is_key() {
            return Err("a key that is no text".into());
        }
        self.part();
        let from = self.out.len();
        self.out.extend_from_within(start..end);
        self.done(0, from);
        Ok(())
    }

    fn is_key(&self) -> bool {
        self.open.last().is_some_and(|open| open.is_key_next)
    }

    /// The comma before a key or an item.
    fn part(&mut self) {
        self.items += usize::from(self.open.len() == 1);
        let is_item = self.open.last().is_some_and(|open| open.is_key_next || !open.is_object);
        if is_item && !self.out.ends_with(['{', '[']) {
            self.out.push(',');
        }
    }

    fn done(&mut self, anchor: usize, start: usize) {
        if anchor > 0 {
            self.anchors.insert(anchor, (start, self.out.len()));
        }
        if let Some(open) = self.open.last_mut() {
            open.is_key_next = open.is_object;
        }
    }

    /// A list of one is its item.
    fn finish(self) -> String {
        let is_list = self.items == 1 && self.out.starts_with('[');
        if is_list { self.out[1..self.out.len() - 1].to_owned() } else { self.out }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_is_written_as_json() {
        let cases = [
            (
                "a: 1\nb: {c: 12345678901234567890123, d: 0.10, e: 007}",
                r#"{"a":"1","b":{"c":12345678901234567890123,"d":0.10,"e":"007"}}"#,
            ),
            ("a: |\n  x\n   y\nb: >-\n  x\n  y", r#"{"a":"x\n y\n","b":"x y"}"#),
            (
                "t: 2025-01-01T00:00:00Z\nu: '5'\nv:\n- true\n- 'no'\n- no\n- ~",
                r#"{"t":"2025-01-01T00:00:00Z","u":"5","v":[true,"no","no",null]}"#,
            ),
            ("- a: b\n  c: ''\n", r#"{"a":"b","c":""}"#),
            ("a: &x {b: c}\nd: *x", r#"{"a":{"b":"c"},"d":{"b":"c"}}"#),
            (
                "a: {}\nb: []\nc: !!str 5\n'@type': x\r\nd:\r\n  e: f\r\n",
                r#"{"a":{},"b":[],"c":"5","@type":"x","d":{"e":"f"}}"#,
            ),
        ];
        for (document, wanted) in cases {
            assert_eq!(entry(document).as_deref(), Ok(wanted), "{document}");
        }
        assert!(entry("a: \"never closed\nb: c").is_err_and(|said| said.starts_with("no YAML at line ")));
        assert!(entry("? {a: b}\n: c").is_err());
    }
}
