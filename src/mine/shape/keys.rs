//! Looks back from a value to the key before it.

use super::piece::{DIGIT, LETTER, is};

/// The name before `=`, `:` or `":` at the end of what was read; none behind a digit, which may be the end of a
/// hexadecimal run that the name's first letters belong to.
pub(super) fn key_before(bytes: &[u8], at: usize) -> &str {
    let before = bytes[..at].trim_ascii_end();
    let before = strip_any(strip_any(before, b":="), b"\"'");
    let length = before.iter().rev().take_while(|&&byte| is(byte, LETTER)).count();
    if before.iter().rev().nth(length).is_some_and(|&byte| is(byte, DIGIT)) {
        return "";
    }
    std::str::from_utf8(&before[before.len() - length..]).unwrap_or_default()
}

/// Whether an arrow leads from or to the piece: in `idle -> busy` both are values. One at the beginning is a bullet.
pub(super) fn stands_at_arrow(bytes: &[u8], start: usize, end: usize) -> bool {
    let near = |byte: Option<&u8>, further: Option<&u8>, wanted: u8| {
        byte == Some(&wanted) || byte == Some(&b' ') && further == Some(&wanted)
    };
    let one_before = |distance: usize| start.checked_sub(distance).map(|at| &bytes[at]);
    if !near(bytes.get(end), bytes.get(end + 1), b'-') && !near(one_before(1), one_before(2), b'>') {
        return false;
    }
    let before = bytes[..start].strip_suffix(b" ").unwrap_or(&bytes[..start]);
    let after = bytes[end..].strip_prefix(b" ").unwrap_or(&bytes[end..]);
    let is_to = before.strip_suffix(b"->").is_some_and(|from| !from.trim_ascii().is_empty());
    is_to || after.strip_prefix(b"->").is_some_and(|to| !to.trim_ascii().is_empty())
}

fn strip_any<'b>(bytes: &'b [u8], any: &[u8]) -> &'b [u8] {
    match bytes.split_last() {
        Some((last, rest)) if any.contains(last) => rest,
        _ => bytes,
    }
}

/// Whether `"key":` or `'key':` stands before, with or without a space: a quoted word at the beginning of an object or
/// behind another member, not the quoted name in `table "a": 3 rows`.
pub(super) fn follows_json_key(bytes: &[u8], at: usize) -> bool {
    let before = bytes[..at].strip_suffix(b" ").unwrap_or(&bytes[..at]);
    let [key @ .., quote @ (b'"' | b'\''), b':'] = before else {
        return false;
    };
    let opens = key.iter().rposition(|byte| byte == quote).unwrap_or(0);
    matches!(key[..opens].trim_ascii_end().last(), None | Some(b'{' | b',' | b'['))
}
