//! Where values that hold separators end: addresses, paths, URLs, what follows `key=`.

use super::piece::{BLANK, HEX, Piece, SEPARATOR, is};

/// Hexadecimal addresses have fewer groups than this; the bound keeps the look-ahead short.
const GROUPS: usize = 32;

/// End of a value with colons in it: `scheme://...`, `C:\...`, `fe80::1`, `00:1b:44:11:3a:b7`.
pub(super) fn colon_value_end(bytes: &[u8], start: usize, piece: &Piece) -> Option<usize> {
    let rest = &bytes[piece.end..];
    let is_drive = piece.end == start + 1 && bytes[start].is_ascii_alphabetic();
    if rest.starts_with(b"://") || rest.starts_with(b":\\") && is_drive {
        let length = length_until(rest, ends_url);
        return Some(without_full_stop(bytes, start, piece.end + length));
    }
    if piece.all_hex { address_end(bytes, start, piece) } else { None }
}

fn address_end(bytes: &[u8], start: usize, piece: &Piece) -> Option<usize> {
    let mut colons = 0;
    let length = length_until(&bytes[start..], |byte| {
        colons += usize::from(byte == b':');
        colons > GROUPS || byte != b':' && !is(byte, HEX)
    });
    let end = start + length;
    let is_address = bytes[end - 1] != b':' && (colons > 2 || colons > 1 && piece.has_number());
    let is_whole = bytes.get(end).is_none_or(|&byte| byte == b'.' || is(byte, BLANK | SEPARATOR));
    (is_address && is_whole).then_some(end)
}

/// Whether brackets open here around an address and nothing else: then the word before is a host, however plain.
pub(super) fn holds_address(bytes: &[u8]) -> bool {
    let Some(length) = bytes.iter().skip(1).position(|&byte| !is(byte, HEX) && !matches!(byte, b'.' | b':')) else {
        return false;
    };
    let inside = &bytes[1..=length];
    let count = |wanted: u8| inside.iter().filter(|&&byte| byte == wanted).count();
    bytes.get(length + 1) == Some(&b']') && (count(b'.') == 3 || count(b':') > 1)
}

/// A path goes on over colons (`/sockets/project:zone:name`), but not over the one before a message.
pub(super) fn path_end(bytes: &[u8], start: usize, mut end: usize) -> usize {
    let goes_on = |end: usize| bytes.get(end + 1).is_some_and(|&byte| !is(byte, BLANK | SEPARATOR));
    while bytes.get(end) == Some(&b':') && goes_on(end) {
        end = Piece::read(bytes, end + 1).end;
    }
    without_full_stop(bytes, start, end)
}

/// End of what follows `key=`.
pub(super) fn assigned_end(bytes: &[u8], start: usize) -> usize {
    without_full_stop(bytes, start, start + length_until(&bytes[start..], ends_assigned))
}

/// Length of what stands behind `key=` for no value: `<nil>` and the like, or nothing before the next key, a separator
/// or the end.
pub(super) fn nothing_length(bytes: &[u8]) -> Option<usize> {
    const NOTHING: [&[u8]; 5] = [b"<nil>", b"<null>", b"<none>", b"(null)", b"(nil)"];
    if let Some(word) = NOTHING.iter().find(|word| bytes.starts_with(word)) {
        return Some(word.len());
    }
    let blanks = bytes.iter().take_while(|&&byte| is(byte, BLANK)).count();
    let rest = &bytes[blanks..];
    let key = length_until(rest, |byte| is(byte, BLANK | SEPARATOR));
    let is_key = key > 0 && rest.get(key) == Some(&b'=') && rest.get(key + 1) != Some(&b'=');
    let is_end = matches!(rest.first(), None | Some(b',' | b';' | b'}' | b']' | b')'));
    (is_end || blanks > 0 && is_key).then_some(0)
}

fn length_until(bytes: &[u8], ends: impl FnMut(u8) -> bool) -> usize {
    bytes.iter().copied().position(ends).unwrap_or(bytes.len())
}

fn without_full_stop(bytes: &[u8], start: usize, mut end: usize) -> usize {
    while end > start + 1 && matches!(bytes[end - 1], b'.' | b':' | b'?' | b'!') {
        end -= 1;
    }
    end
}

fn ends_assigned(byte: u8) -> bool {
    is(byte, BLANK) || matches!(byte, b',' | b';' | b')' | b']' | b'}' | b'|' | b'"' | b'\'')
}

fn ends_url(byte: u8) -> bool {
    is(byte, BLANK) || matches!(byte, b'"' | b'\'' | b'<' | b'>' | b')' | b']' | b'}' | b'`' | b'|' | b',')
}
