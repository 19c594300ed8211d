//! Pub/Sub messages that a sink published: pushed or pulled, one a line, in an array, or under `receivedMessages`.
//! Each message's data is an entry in base64.

use base64::{Engine, prelude::BASE64_STANDARD};

use super::{Form, cut_as_listed, first_keys, said};
use crate::ingest::json::{Cursor, Read};

pub(super) const FORM: Form = Form {
    name: "pubsub",
    about: "Pub/Sub messages of a sink, pushed or pulled: one per line, in an array, or under `receivedMessages`",
    sample: r#"{"message":{"data":"eyJ0aW1lc3RhbXAiOiIyMDI1LTAxLTAxVDAwOjAwOjAwWiIsInRleHRQYXlsb2FkIjoidXAifQ==","messageId":"1"},"subscription":"projects/p/subscriptions/s"}"#,
    detect,
    cut: cut_as_listed,
    decode: Some(decode),
};

const MESSAGE_KEYS: [&str; 5] = ["messageId", "message_id", "publishTime", "publish_time", "attributes"];

/// The first object of the input holds a message: `data` beside what Pub/Sub puts beside it.
fn detect(head: &[u8]) -> bool {
    let starts = head.starts_with(b"{") || head.starts_with(b"[");
    let Some(data) = memchr::memmem::find(head, b"\"data\"").filter(|_| starts) else { return false };
    // an entry whose payload merely has such keys names its time before or after, at the top
    let is_entry = head.starts_with(b"{") && first_keys(head).iter().any(|key| super::is_entry_key(key));
    let around = &head[data.saturating_sub(2_000)..];
    !is_entry && MESSAGE_KEYS.iter().any(|key| memchr::memmem::find(around, format!("\"{key}\"").as_bytes()).is_some())
}

#[derive(Default)]
struct Message {
    data: Option<String>,
    is_message: bool,
}

impl Message {
    fn read(&mut self, value: &mut Cursor<'_>) -> Read<()> {
        value.members(|key, value| {
            match key {
                "message" => self.read(value)?,
                "data" => self.data = value.text()?.map(|text| text.into_owned()),
                _ => {
                    self.is_message |= MESSAGE_KEYS.contains(&key);
                    value.skip()?;
                }
            }
            Ok(())
        })
    }
}

fn decode(piece: &str) -> Result<String, String> {
    let mut message = Message::default();
    message.read(&mut Cursor::new(piece)).map_err(said)?;
    let data = message.data.ok_or("a message without data")?;
    let bytes = BASE64_STANDARD.decode(data.trim()).map_err(|error| format!("data that is no base64: {error}"))?;
    String::from_utf8(bytes).map_err(|_| "data that is no UTF-8".into())
}
