//! Entries as Go's `logadmin` client holds them, written with `json.Marshal`: Go's names of fields, a number for the
//! severity, the payload in one field, at times under `Entry`.

use serde_json::{Map, Value};

use super::{Form, cut_as_listed, first_keys_listed, said};
use crate::ingest::json::{Cursor, Read};

pub(super) const FORM: Form = Form {
    name: "go-client",
    about: "entries of Go's client, `logadmin`, written as JSON: `Timestamp`, a number as `Severity`, `Payload`",
    sample: r#"{"Entry":{"Timestamp":"2025-01-01T00:00:00Z","Severity":500,"Payload":"down","InsertID":"a1","LogName":"projects/p/logs/stdout"}}"#,
    detect,
    cut: cut_as_listed,
    decode: Some(decode),
};

fn detect(head: &[u8]) -> bool {
    let keys = first_keys_listed(head);
    let has = |name: &str| keys.iter().any(|key| key == name);
    let is_entry = has("Timestamp") && ["Severity", "Payload", "InsertID", "LogName"].iter().any(|name| has(name));
    is_entry || (has("Entry") && memchr::memmem::find(head, b"\"Timestamp\"").is_some())
}

fn decode(piece: &str) -> Result<String, String> {
    let mut entry = Members::default();
    let mut cursor = Cursor::new(piece);
    entry.take_all(&mut cursor).and_then(|()| cursor.end()).map_err(said)?;
    Ok(entry.finish())
}

/// Members of the entry being written, values as they were.
#[derive(Default)]
struct Members(String);

impl Members {
    fn take_all(&mut self, value: &mut Cursor<'_>) -> Read<()> {
        value.members(|key, value| self.take(key, value))
    }

    fn take(&mut self, key: &str, value: &mut Cursor<'_>) -> Read<()> {
        match key {
            "Entry" if value.peek() == b'{' => return self.take_all(value),
            "Payload" if value.peek() == b'"' => self.put("textPayload", value.raw()?.text),
            "Payload" => {
                let payload = value.raw()?.text;
                self.put_payload(payload);
            }
            "HTTPRequest" if value.peek() == b'{' => {
                let mut request = Self::default();
                value.members(|key, value| request.take_request(key, value))?;
                self.put("httpRequest", &request.finish());
            }
            _ => {
                let raw = value.raw()?;
                self.put(&name_of(key), raw.text);
            }
        }
        Ok(())
    }

    fn put(&mut self, key: &str, raw: &str) {
        if raw == "null" {
            return;
        }
        self.0.push_str(if self.0.is_empty() { "{\"" } else { ",\"" });
        self.0.push_str(key);
        self.0.push_str("\":");
        self.0.push_str(raw);
    }

    /// An audit log is known by its fields, as its type is not written.
    fn put_payload(&mut self, raw: &str) {
        let plain = plain_struct(raw);
        let raw = plain.as_deref().unwrap_or(raw);
        let mut named = 0;
        // it was read once already
        let _ = Cursor::new(raw).members(|key, value| {
            named += usize::from(matches!(key, "service_name" | "method_name" | "serviceName" | "methodName"));
            value.skip()
        });
        self.put(if named == 2 { "protopayload_auditlog" } else { "jsonPayload" }, raw);
    }

    /// Of the request that was served, and of how it was.
    fn take_request(&mut self, key: &str, value: &mut Cursor<'_>) -> Read<()> {
        match key {
            "Request" if value.peek() == b'{' => return value.members(|key, value| self.take_request(key, value)),
            "Method" => self.put("requestMethod", value.raw()?.text),
            "URL" | "RequestURL" if value.peek() == b'{' => {
                let url = url(value)?;
                self.put("requestUrl", &Value::from(url).to_string());
            }
            "URL" | "RequestURL" => self.put("requestUrl", value.raw()?.text),
            "Header" => value.members(|key, value| {
                let raw = value.raw()?.text;
                if key == "User-Agent" {
                    self.put("userAgent", raw.trim_start_matches('[').trim_end_matches(']'));
                }
                Ok(())
            })?,
            "Latency" if value.peek() != b'"' => {
                let nanos = value.scalar()?.and_then(|text| text.parse::<u64>().ok()).unwrap_or(0);
                self.put("latency", &format!("\"{}.{:09}s\"", nanos / 1_000_000_000, nanos % 1_000_000_000));
            }
            _ => {
                let raw = value.raw()?;
                self.put(&name_of(key), raw.text);
            }
        }
        Ok(())
    }

    fn finish(self) -> String {
        if self.0.is_empty() { "{}".into() } else { self.0 + "}" }
    }
}

/// `InsertID` is `insertId`, `SourceLocation` `sourceLocation`.
fn name_of(key: &str) -> String {
    let key = key.replace("ID", "Id").replace("HTTP", "http").replace("URL", "Url").replace("IP", "Ip");
    let first = key.get(..1).unwrap_or_default().to_ascii_lowercase();
    first + key.get(1..).unwrap_or_default()
}

fn url(value: &mut Cursor<'_>) -> Read<String> {
    let (mut scheme, mut host, mut path, mut query) = (String::new(), String::new(), String::new(), String::new());
    value.members(|key, value| {
        let text = value.text()?.unwrap_or_default().into_owned();
        match key {
            "Scheme" if !text.is_empty() => scheme = text + "://",
            "Host" => host = text,
            "Path" => path = text,
            "RawQuery" if !text.is_empty() => query = format!("?{text}"),
            _ => {}
        }
        Ok(())
    })?;
    Ok(scheme + &host + &path + &query)
}

/// Older clients write a struct as protobuf holds it: `{"fields":{"a":{"Kind":{"StringValue":"x"}}}}`.
fn plain_struct(raw: &str) -> Option<String> {
    if !raw.trim_start_matches(['{', ' ', '\n']).starts_with("\"fields\"") || !raw.contains("\"Kind\"") {
        return None;
    }
    let value: Value = serde_json::from_str(raw).ok()?;
    Some(plain_fields(&value)?.to_string())
}

fn plain_fields(value: &Value) -> Option<Value> {
    let fields = value.get("fields")?.as_object()?;
    let plain = |(key, value): (&String, &Value)| Some((key.clone(), plain_value(value)?));
    fields.iter().map(plain).collect::<Option<Map<_, _>>>().map(Value::Object)
}

fn plain_value(value: &Value) -> Option<Value> {
    let (name, value) = value.get("Kind")?.as_object()?.iter().next()?;
    match name.as_str() {
        "NullValue" => Some(Value::Null),
        "StructValue" => plain_fields(value),
        "ListValue" => {
            let values = value.get("values").and_then(Value::as_array);
            values.into_iter().flatten().map(plain_value).collect::<Option<Vec<_>>>().map(Value::Array)
        }
        _ => Some(value.clone()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_get_the_names_of_the_api() {
        let cases = [
            (
                r#"{"Timestamp":"t","Severity":0,"Payload":{"n":12345678901234567890},"InsertID":"i","Operation":null}"#,
                r#"{"timestamp":"t","severity":0,"jsonPayload":{"n":12345678901234567890},"insertId":"i"}"#,
            ),
            (
                r#"{"Entry":{"Payload":{"fields":{"a":{"Kind":{"StringValue":"x"}},"b":{"Kind":{"ListValue":{"values":[{"Kind":{"BoolValue":true}}]}}}}}}}"#,
                r#"{"jsonPayload":{"a":"x","b":[true]}}"#,
            ),
            (
                r#"{"HTTPRequest":{"Request":{"Method":"GET","URL":{"Scheme":"https","Host":"h","Path":"/p","RawQuery":"q=1"}},"Status":503,"Latency":2000000,"RemoteIP":"r"}}"#,
                r#"{"httpRequest":{"requestMethod":"GET","requestUrl":"https://h/p?q=1","status":503,"latency":"0.002000000s","remoteIp":"r"}}"#,
            ),
            (
                r#"{"Payload":{"service_name":"s","method_name":"m"},"SpanID":"s","TraceSampled":true}"#,
                r#"{"protopayload_auditlog":{"service_name":"s","method_name":"m"},"spanId":"s","traceSampled":true}"#,
            ),
        ];
        for (piece, wanted) in cases {
            assert_eq!(decode(piece).as_deref(), Ok(wanted));
        }
    }
}
