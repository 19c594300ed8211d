//! Entries that another program passed on inside its own records: as a JSON string, or as an object under a key.

use super::{Form, cut_as_listed, first_object, is_entry_key, said};
use crate::ingest::json::{Cursor, Read};

pub(super) const FORM: Form = Form {
    name: "nested",
    about: "records of another program, each with one entry inside, as an object or as a JSON string",
    sample: r#"{"offset":7,"line":"{\"insertId\":\"a1\",\"logName\":\"projects/p/logs/stdout\",\"timestamp\":\"2025-01-01T00:00:00Z\",\"textPayload\":\"up\"}"}"#,
    detect,
    cut: cut_as_listed,
    decode: Some(decode),
};

/// One of these is beside the time of an entry, wherever it lies.
const NAMING: [&str; 4] = ["logName", "log_name", "insertId", "insert_id"];
/// How far an entry may lie inside a record.
const DEPTH: usize = 4;
/// So many records are looked at for one that has an entry.
const RECORDS_LOOKED_AT: usize = 50;

/// One of the first records has one entry inside, and none is an entry itself.
fn detect(head: &[u8]) -> bool {
    if memchr::memmem::find(head, b"imestamp").is_none() {
        return false;
    }
    let first = first_object(head);
    let is_cut_off = Found::of(&first).1.is_err();
    let records = std::iter::once(first.as_ref());
    let lines = std::str::from_utf8(head).unwrap_or_default().lines().skip(1);
    for record in records.chain(lines.take(if is_cut_off { 0 } else { RECORDS_LOOKED_AT })) {
        if is_entry(record, &[]) {
            return false;
        }
        if Found::of(record).0.count == 1 {
            return true;
        }
    }
    false
}

fn decode(piece: &str) -> Result<String, String> {
    if is_entry(piece, &[]) {
        return Ok(piece.to_owned());
    }
    let (found, read) = Found::of(piece);
    read.map_err(said)?;
    match (found.count, found.entry) {
        (1, Some(entry)) => Ok(entry),
        (0, _) => Err("no log entry inside the record".into()),
        (count, _) => Err(format!("{count} log entries inside one record")),
    }
}

/// Entries inside a record.
#[derive(Default)]
struct Found {
    entry: Option<String>,
    count: usize,
}

impl Found {
    fn of(record: &str) -> (Self, Read<()>) {
        let mut found = Self::default();
        let read = found.look_into(record, 0);
        (found, read)
    }

    fn look_into(&mut self, object: &str, depth: usize) -> Read<()> {
        if depth > DEPTH {
            return Ok(());
        }
        let mut cursor = Cursor::new(object);
        cursor.members(|key, value| {
            match value.peek() {
                // what stands in a payload belongs to the payload
                _ if is_payload(key) => value.skip()?,
                b'{' => {
                    let inner = value.raw()?.text;
                    self.take(inner, depth)?;
                }
                b'"' => {
                    let text = value.text()?.unwrap_or_default();
                    let inner = text.trim();
                    if inner.starts_with('{') && inner.ends_with('}') && Cursor::new(inner).skip().is_ok() {
                        self.take(inner, depth)?;
                    }
                }
                // a dump with lists of entries is no record
                b'[' => {
                    let list = value.raw()?.text;
                    self.count += if is_entry(list[1..].trim_start(), &NAMING) { 2 } else { 0 };
                }
                _ => value.skip()?,
            }
            Ok(())
        })
    }

    fn take(&mut self, inner: &str, depth: usize) -> Read<()> {
        if is_entry(inner, &NAMING) {
            self.count += 1;
            self.entry.get_or_insert_with(|| inner.to_owned());
            return Ok(());
        }
        self.look_into(inner, depth + 1)
    }
}

fn is_payload(key: &str) -> bool {
    ["textPayload", "jsonPayload", "protoPayload", "text_payload", "json_payload", "proto_payload"].contains(&key)
}

/// An object with a time, and beside it one of these fields, or any that nothing but an entry has.
fn is_entry(object: &str, fields: &[&str]) -> bool {
    let (mut has_time, mut has_field) = (false, false);
    let own = ["logName", "log_name", "log_id", "insertId", "insert_id"];
    // cut off: what came before counts
    let _ = Cursor::new(object).members(|key, value| {
        has_time |= is_entry_key(key);
        has_field |= if fields.is_empty() { own.contains(&key) || is_payload(key) } else { fields.contains(&key) };
        value.skip()
    });
    has_time && has_field
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_is_found_inside_a_record_and_left_in_a_payload() {
        let entry = r#"{"logName":"l","timestamp":"t"}"#;
        let text = serde_json::Value::from(entry).to_string();
        for record in [
            format!(r#"{{"line":{text}}}"#),
            format!(r#"{{"timestamp":"x","severity":"INFO","message":{text}}}"#),
            format!(r#"{{"_index":"a","_source":{{"event":{entry}}}}}"#),
            entry.to_owned(),
        ] {
            assert_eq!(decode(&record).as_deref(), Ok(entry), "{record}");
        }
        let outer = format!(r#"{{"timestamp":"t","jsonPayload":{entry}}}"#);
        assert_eq!(decode(&outer).as_deref(), Ok(outer.as_str()));
        assert!(!detect(outer.as_bytes()));
        assert!(decode(&format!(r#"{{"jsonPayload":{entry}}}"#)).is_err());
        assert!(decode(&format!(r#"{{"a":{entry},"b":{entry}}}"#)).is_err());
    }
}
