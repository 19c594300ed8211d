//! The forms an export comes in: one file a form, listed here in the order in which they are tried.
//!
//! A form is recognised from content, never from a name. It cuts its input into pieces, each a
//! candidate entry with its place; reading the pieces is the same for all forms.

mod array;
mod document;
mod ndjson;
mod wrapped;

use std::io::{self, Read};

use super::blocks::Blocks;

/// How much of an input is looked at to recognise its form.
pub const HEAD_BYTES: usize = 256 << 10;

/// One form of export.
pub struct Form {
    pub name: &'static str,
    pub about: &'static str,
    /// Whether the first bytes of an input are of this form.
    pub detect: fn(head: &[u8]) -> bool,
    pub cut: fn(input: &mut dyn Read, blocks: &mut Blocks<'_>) -> io::Result<()>,
}

pub const FORMS: [&Form; 3] = [&ndjson::FORM, &array::FORM, &wrapped::FORM];

/// The form that the first bytes of an input show, if any.
pub fn recognise(head: &[u8]) -> Option<&'static Form> {
    FORMS.into_iter().find(|form| (form.detect)(without_bom(head)))
}

/// A byte order mark and blanks before the first bracket mean nothing.
fn without_bom(head: &[u8]) -> &[u8] {
    head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start()
}

/// Whether the text holds a key that every entry has and no wrapper does.
fn names_an_entry(text: &[u8]) -> bool {
    ["\"timestamp\"", "\"receiveTimestamp\"", "\"receive_timestamp\""]
        .iter()
        .any(|key| memchr::memmem::find(text, key.as_bytes()).is_some())
}
