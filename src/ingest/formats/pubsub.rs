//! Pub/Sub messages that a sink published: pushed or pulled, one a line, in an array, or under `receivedMessages`.
//! Each message's data is an entry in base64.

use std::io::{self, Read};

use base64::{Engine, prelude::BASE64_STANDARD};

use super::{Form, document, first_keys, is_first_line_whole, ndjson, objects, said};
use crate::ingest::{
    blocks::Blocks,
    json::{Cursor, Read as JsonRead},
    open::read_full,
};

pub const FORM: Form = Form {
    name: "pubsub",
    about: "Pub/Sub messages of a sink, pushed or pulled: one a line, in an array, or under `receivedMessages`",
    sample: r#"{"message":{"data":"eyJ0aW1lc3RhbXAiOiIyMDI1LTAxLTAxVDAwOjAwOjAwWiIsInRleHRQYXlsb2FkIjoidXAifQ==","messageId":"1"},"subscription":"projects/p/subscriptions/s"}"#,
    detect,
    cut,
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

/// One message a line, a document with messages in its lists, or one message printed over several lines.
fn cut(input: &mut dyn Read, blocks: &mut Blocks<'_>) -> io::Result<()> {
    let mut head = vec![0; super::HEAD_BYTES];
    let mut reader = input;
    let length = read_full(&mut reader, &mut head)?;
    head.truncate(length);
    let start = head.trim_ascii_start();
    let is_listed = start.starts_with(b"[") || first_keys(start).iter().any(|key| key == "receivedMessages");
    let is_line = is_first_line_whole(start);
    let mut whole = io::Cursor::new(head).chain(reader);
    match (is_listed, is_line) {
        (true, _) => document::cut(&mut whole, blocks),
        (false, true) => ndjson::cut(&mut whole, blocks),
        (false, false) => objects::cut(&mut whole, blocks),
    }
}

#[derive(Default)]
struct Message {
    data: Option<String>,
    is_message: bool,
}

impl Message {
    fn read(&mut self, value: &mut Cursor<'_>) -> JsonRead<()> {
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
