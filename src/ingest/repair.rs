//! Repairs the text of a message for people and for mining; the payload itself stays as it was.
//!
//! Three things happen to messages on their way: terminal colours, UTF-8 that somebody read as
//! Windows-1252 (`ðŸ”´` for a red circle), and line breaks written out as `\n`.

use std::borrow::Cow;

use encoding_rs::WINDOWS_1252;

/// The message with colours stripped, mojibake repaired and literal line breaks unescaped.
pub fn repair(text: &str) -> Cow<'_, str> {
    let text = strip_ansi(text);
    let text = chain(text, repair_mojibake);
    chain(text, unescape_lines)
}

fn chain<'a>(text: Cow<'a, str>, step: fn(&str) -> Option<String>) -> Cow<'a, str> {
    match step(&text) {
        Some(changed) => Cow::Owned(changed),
        None => text,
    }
}

fn strip_ansi(text: &str) -> Cow<'_, str> {
    if memchr::memchr(0x1b, text.as_bytes()).is_none() {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\u{1b}') {
        out.push_str(&rest[..at]);
        rest = after_escape(&rest[at + 1..]);
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// What follows an escape sequence (ECMA-48): `[`, parameters, one final letter; or `]` and a text up to BEL or `ESC \`,
/// which sets a terminal's title, say.
fn after_escape(rest: &str) -> &str {
    if let Some(body) = rest.strip_prefix('[') {
        return body.find(|c: char| ('@'..='~').contains(&c)).map_or("", |end| &body[end + 1..]);
    }
    let Some(body) = rest.strip_prefix(']') else { return rest };
    match body.find(['\u{7}', '\u{1b}']) {
        Some(end) => body[end + 1..].strip_prefix('\\').unwrap_or(&body[end + 1..]),
        None => rest,
    }
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

/// Line breaks that a writer escaped once too often: no real one, but at least two written out.
fn unescape_lines(text: &str) -> Option<String> {
    memchr::memchr(b'\\', text.as_bytes())?;
    if text.contains('\n') || text.matches("\\n").take(2).count() < 2 {
        return None;
    }
    Some(text.replace("\\n", "\n").replace("\\t", "\t").replace("\\\"", "\""))
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
