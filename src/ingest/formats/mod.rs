//! The forms an export comes in: one file a form, listed here in the order in which they are tried.
//!
//! A form is recognised from content, never from a name. It cuts its input into pieces, each a
//! candidate entry with its place; reading the pieces is the same for all forms.

mod array;
mod bigquery;
mod console;
mod csv;
mod document;
mod go_client;
mod log_analytics;
mod ndjson;
mod nested;
mod objects;
mod parquet;
mod pubsub;
mod refused;
mod transcript;
mod wrapped;
mod yaml;

pub use parquet::without_nulls;
pub use refused::{Refusal, refusal};

use std::{
    borrow::Cow,
    io::{self, Read},
};

use super::{
    blocks::Blocks,
    json::{Cursor, Fault},
    open::read_full,
};

/// How much of an input is looked at to recognise its form.
pub const HEAD_BYTES: usize = 256 << 10;

/// One form of export.
pub struct Form {
    pub name: &'static str,
    pub about: &'static str,
    /// The smallest input of this form; binary forms say what they start with.
    pub sample: &'static str,
    /// Whether the first bytes of an input are of this form.
    pub detect: fn(head: &[u8]) -> bool,
    pub cut: fn(input: &mut dyn Read, blocks: &mut Blocks<'_>) -> io::Result<()>,
    /// What makes an entry of a piece that is none itself.
    pub decode: Option<Decode>,
}

/// The entry inside a piece, or why there is none.
pub type Decode = fn(piece: &str) -> Result<String, String>;

pub const FORMS: [&Form; 14] = [
    &parquet::FORM,
    &csv::FORM,
    &go_client::FORM,
    &nested::FORM,
    &pubsub::FORM,
    &log_analytics::FORM,
    &bigquery::FORM,
    &ndjson::FORM,
    &yaml::FORM,
    &console::FORM,
    &transcript::FORM,
    &array::FORM,
    &objects::FORM,
    &wrapped::FORM,
];

/// The form that the first bytes of an input show, if any.
pub fn recognise(head: &[u8]) -> Option<&'static Form> {
    FORMS.into_iter().find(|form| (form.detect)(head.trim_ascii_start()))
}

/// Whether the text holds a key that every entry has and no wrapper does.
fn names_an_entry(text: &[u8]) -> bool {
    ["\"timestamp\"", "\"receiveTimestamp\"", "\"receive_timestamp\""]
        .iter()
        .any(|key| memchr::memmem::find(text, key.as_bytes()).is_some())
}

fn is_entry_key(key: &str) -> bool {
    matches!(key, "timestamp" | "receiveTimestamp" | "receive_timestamp")
}

/// The keys of the first object, as far as the text goes.
fn first_keys(head: &[u8]) -> Vec<String> {
    let head = String::from_utf8_lossy(head);
    let mut keys = Vec::new();
    // broken or cut off: what came before counts
    let _ = Cursor::new(&head).members(|key, value| {
        keys.push(key.to_owned());
        value.skip()
    });
    keys
}

/// The first object's text and what follows, if need be from inside a list.
fn first_object(head: &[u8]) -> Cow<'_, str> {
    let head = head.trim_ascii_start();
    String::from_utf8_lossy(head.strip_prefix(b"[").unwrap_or(head).trim_ascii_start())
}

fn first_keys_listed(head: &[u8]) -> Vec<String> {
    first_keys(first_object(head).as_bytes())
}

/// One record a line, a document with records in its lists, or one record printed over several lines.
fn cut_as_listed(input: &mut dyn Read, blocks: &mut Blocks<'_>) -> io::Result<()> {
    let mut head = vec![0; HEAD_BYTES];
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

/// The first value is an object that ends, and its line with it.
fn is_first_line_whole(head: &[u8]) -> bool {
    let line = memchr::memchr(b'\n', head).map_or(head, |end| &head[..end]);
    std::str::from_utf8(line).is_ok_and(|line| {
        let mut cursor = Cursor::new(line);
        cursor.peek() == b'{' && cursor.skip().and_then(|()| cursor.end()).is_ok()
    })
}

fn said(fault: Fault) -> String {
    format!("no JSON at byte {}: {}", fault.at, fault.what)
}
