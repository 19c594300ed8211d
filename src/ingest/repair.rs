//! Repairs the text of a message for people and for mining; the payload itself stays as it was.
//!
//! Two things happen to messages on their way: what [`mine::clean`] undoes, and UTF-8 that somebody read as Windows-1252
//! (`ðŸ”´` for a red circle).

use std::borrow::Cow;

use encoding_rs::WINDOWS_1252;

use crate::mine;

/// The message cleaned, and its mojibake repaired.
pub fn repair(text: &str) -> Cow<'_, str> {
    let mut buffer = String::new();
    let cleaned = mine::clean(text, &mut buffer);
    if let Some(repaired) = repair_mojibake(cleaned) {
        return Cow::Owned(repaired);
    }
    if std::ptr::eq(cleaned, text) { Cow::Borrowed(text) } else { Cow::Owned(buffer) }
}

fn repair_mojibake(text: &str) -> Option<String> {
    if text.is_ascii() {
        return None;
    }
    let mut out = String::with_capacity(text.len());
    let mut repaired = false;
    let mut rest = text;
    while let Some(start) = rest.find(|c: char| !c.is_ascii()) {
        let end = rest[start..].find(|c: char| c.is_ascii()).map_or(rest.len(), |n| start + n);
        out.push_str(&rest[..start]);
        match decode_run(&rest[start..end]) {
            Some(run) => {
                repaired = true;
                out.push_str(&run);
            }
            None => out.push_str(&rest[start..end]),
        }
        rest = &rest[end..];
    }
    out.push_str(rest);
    repaired.then_some(out)
}

/// A run of characters read back as Windows-1252 bytes, if those bytes are UTF-8.
fn decode_run(run: &str) -> Option<String> {
    let bytes: Option<Vec<u8>> = run.chars().map(cp1252_byte).collect();
    let decoded = String::from_utf8(bytes?).ok()?;
    (decoded.chars().count() < run.chars().count()).then_some(decoded)
}

/// The byte that shows as this character in Windows-1252, or in Latin-1 where that has a control character.
fn cp1252_byte(c: char) -> Option<u8> {
    if ('\u{80}'..='\u{9f}').contains(&c) {
        return Some(c as u8);
    }
    let mut buffer = [0; 4];
    let (bytes, _, has_no_byte) = WINDOWS_1252.encode(c.encode_utf8(&mut buffer));
    (!has_no_byte).then(|| bytes[0])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_repaired() {
        let cases = [
            ("plain", "plain"),
            ("[ðŸ”´] failed", "[🔴] failed"),
            ("[ðŸ”‘] key", "[🔑] key"),
            ("donâ€™t", "don’t"),
            ("donâ\u{80}\u{99}t", "don’t"),
            ("café naïve", "café naïve"),
            ("🔴 is fine", "🔴 is fine"),
            ("\u{1b}[31mred\u{1b}[0m end", "red end"),
            ("\u{1b}]0;title\u{7}text \u{1b}]8;;link\u{1b}\\here", "text here"),
            ("\u{1b}]never ends", "]never ends"),
            ("a\\nb\\nc", "a\nb\nc"),
            ("sanitized from 'x\\n' to 'x'", "sanitized from 'x\\n' to 'x'"),
        ];
        for (text, wanted) in cases {
            assert_eq!(repair(text), wanted);
        }
    }
}
