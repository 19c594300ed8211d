//! Looks back from a value to the key before it.

use super::piece::{LETTER, is};

/// The name before `=`, `:` or `":` at the end of what was read.
pub fn key_before(bytes: &[u8], at: usize) -> &str {
    let before = bytes[..at].trim_ascii_end();
    let before = strip_any(strip_any(before, b":="), b"\"'");
    let length = before.iter().rev().take_while(|&&byte| is(byte, LETTER)).count();
    std::str::from_utf8(&before[before.len() - length..]).unwrap_or_default()
}

fn strip_any<'b>(bytes: &'b [u8], any: &[u8]) -> &'b [u8] {
    match bytes.split_last() {
        Some((last, rest)) if any.contains(last) => rest,
        _ => bytes,
    }
}

/// Whether `":` or `':` stands before, with or without a space.
pub fn follows_json_key(bytes: &[u8], at: usize) -> bool {
    let before = bytes[..at].strip_suffix(b" ").unwrap_or(&bytes[..at]);
    matches!(before, [.., b'"' | b'\'', b':'])
}
