//! JSON read in one pass, as written: a value is skipped, taken as text, or looked into where it stands.
//!
//! As strict as RFC 8259, since payloads are stored as they are and SQL reads them as JSON later; one thing is
//! let through and counted: half of a surrogate pair, which writers leave when they cut a text.

use std::borrow::Cow;

use super::swar::next_in_json_string;

/// Arrays and objects inside one another beyond this many are rejected.
pub const DEPTH_LIMIT: usize = 512;

/// Why a text is no JSON, and at which byte.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fault {
    pub at: usize,
    pub what: &'static str,
}

pub type Read<T> = Result<T, Fault>;

/// A value as written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Raw<'a> {
    pub text: &'a str,
    /// Whether blanks stand between its parts.
    pub is_spaced: bool,
}

#[derive(Debug, Clone)]
pub struct Cursor<'a> {
    text: &'a str,
    at: usize,
    blanks: usize,
    /// Halves of surrogate pairs met so far.
    pub halves: usize,
}

impl<'a> Cursor<'a> {
    pub fn new(text: &'a str) -> Self {
        Self { text, at: 0, blanks: 0, halves: 0 }
    }

    /// The first byte of the next value; 0 at the end.
    pub fn peek(&mut self) -> u8 {
        self.blank();
        self.byte()
    }

    /// Nothing but blanks is left.
    pub fn end(&mut self) -> Read<()> {
        self.blank();
        if self.at == self.text.len() { Ok(()) } else { self.fault("more after the value") }
    }

    /// Visits the members of an object; the visitor takes each value. Anything else is skipped.
    pub fn members(&mut self, mut visit: impl FnMut(&'a str, &mut Self) -> Read<()>) -> Read<()> {
        self.each(b'{', b'}', "`,` or `}` expected", |cursor| {
            let key = cursor.key()?;
            visit(key, cursor)
        })
    }

    /// Visits the items of a list; the visitor takes each value. Anything else is skipped.
    pub fn items(&mut self, visit: impl FnMut(&mut Self) -> Read<()>) -> Read<()> {
        self.each(b'[', b']', "`,` or `]` expected", visit)
    }

    fn each(
        &mut self,
        open: u8,
        close: u8,
        expected: &'static str,
        mut visit: impl FnMut(&mut Self) -> Read<()>,
    ) -> Read<()> {
        if self.peek() != open {
            return self.skip();
        }
        self.at += 1;
        if self.peek() == close {
            self.at += 1;
            return Ok(());
        }
        loop {
            visit(self)?;
            match self.peek() {
                b',' => self.at += 1,
                next if next == close => break,
                _ => return self.fault(expected),
            }
        }
        self.at += 1;
        Ok(())
    }

    /// The next value as written.
    pub fn raw(&mut self) -> Read<Raw<'a>> {
        self.span(Self::skip).map(|((), raw)| raw)
    }

    /// What reading a value gives, and the value as written.
    pub fn span<T>(&mut self, read: impl FnOnce(&mut Self) -> Read<T>) -> Read<(T, Raw<'a>)> {
        self.blank();
        let (start, blanks) = (self.at, self.blanks);
        let value = read(self)?;
        let text = &self.text[start..self.at];
        Ok((value, Raw { text, is_spaced: self.blanks > blanks }))
    }

    /// A string's text; any other value is skipped.
    pub fn text(&mut self) -> Read<Option<Cow<'a, str>>> {
        if self.peek() != b'"' {
            self.skip()?;
            return Ok(None);
        }
        let start = self.at;
        let has_escapes = self.skip_string()?;
        let inner = &self.text[start + 1..self.at - 1];
        Ok(Some(if has_escapes { Cow::Owned(unescape(inner)) } else { Cow::Borrowed(inner) }))
    }

    /// A string's text, or a number as written.
    pub fn scalar(&mut self) -> Read<Option<Cow<'a, str>>> {
        match self.peek() {
            b'-' | b'0'..=b'9' => Ok(Some(Cow::Borrowed(self.raw()?.text))),
            _ => self.text(),
        }
    }

    /// Skips one value of any kind, however deep.
    pub fn skip(&mut self) -> Read<()> {
        let mut open = Open::default();
        loop {
            match self.peek() {
                b'"' => {
                    self.skip_string()?;
                }
                bracket @ (b'{' | b'[') => {
                    open.push(bracket == b'{').ok_or(Fault { at: self.at, what: "nested too deep" })?;
                    self.at += 1;
                    let closing = if bracket == b'{' { b'}' } else { b']' };
                    if self.peek() != closing {
                        if bracket == b'{' {
                            self.key()?;
                        }
                        continue;
                    }
                }
                _ => self.skip_plain()?,
            }
            if self.after_value(&mut open)? {
                return Ok(());
            }
        }
    }

    /// What follows a value inside what is open; whether nothing is open any more.
    fn after_value(&mut self, open: &mut Open) -> Read<bool> {
        while let Some(is_object) = open.last() {
            match self.peek() {
                b',' => {
                    self.at += 1;
                    if is_object {
                        self.key()?;
                    }
                    return Ok(false);
                }
                b'}' if is_object => open.pop(),
                b']' if !is_object => open.pop(),
                0 if self.at == self.text.len() => return self.fault("ends before its last bracket"),
                _ => return self.fault("`,` or a closing bracket expected"),
            }
            self.at += 1;
        }
        Ok(true)
    }

    fn key(&mut self) -> Read<&'a str> {
        if self.peek() != b'"' {
            return self.fault("a key expected");
        }
        let start = self.at + 1;
        self.skip_string()?;
        let key = &self.text[start..self.at - 1];
        if self.peek() != b':' {
            return self.fault("`:` expected");
        }
        self.at += 1;
        Ok(key)
    }

    /// Whether the string has escapes.
    fn skip_string(&mut self) -> Read<bool> {
        let mut has_escapes = false;
        self.at += 1;
        loop {
            self.at = next_in_json_string(self.text.as_bytes(), self.at);
            match self.byte() {
                b'"' => break,
                b'\\' => {
                    has_escapes = true;
                    self.skip_escape()?;
                }
                0 if self.at >= self.text.len() => return self.fault("ends inside a string"),
                _ => return self.fault("a control character inside a string"),
            }
        }
        self.at += 1;
        Ok(has_escapes)
    }

    fn skip_escape(&mut self) -> Read<()> {
        match self.text.as_bytes().get(self.at + 1) {
            Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => self.at += 2,
            Some(b'u') => {
                let code = self.code(self.at).ok_or(Fault { at: self.at, what: "a bad escape" })?;
                self.at += 6;
                match code {
                    0xd800..=0xdbff if matches!(self.code(self.at), Some(0xdc00..=0xdfff)) => self.at += 6,
                    0xd800..=0xdfff => self.halves += 1,
                    _ => {}
                }
            }
            _ => return self.fault("a bad escape"),
        }
        Ok(())
    }

    /// The code of a `\u` escape that starts here.
    fn code(&self, at: usize) -> Option<u32> {
        hex_code(self.text.as_bytes().get(at..at + 6)?)
    }

    fn skip_plain(&mut self) -> Read<()> {
        let rest = &self.text.as_bytes()[self.at..];
        for word in [&b"true"[..], b"false", b"null"] {
            if rest.starts_with(word) {
                self.at += word.len();
                return Ok(());
            }
        }
        match number_length(rest) {
            Some(length) => self.at += length,
            None if rest.is_empty() => return self.fault("ends where a value is expected"),
            None => return self.fault("no value"),
        }
        Ok(())
    }

    fn blank(&mut self) {
        let start = self.at;
        while matches!(self.byte(), b' ' | b'\n' | b'\r' | b'\t') {
            self.at += 1;
        }
        self.blanks += self.at - start;
    }

    fn byte(&self) -> u8 {
        self.text.as_bytes().get(self.at).copied().unwrap_or(0)
    }

    fn fault<T>(&self, what: &'static str) -> Read<T> {
        Err(Fault { at: self.at, what })
    }
}

/// Which brackets are open: a bit each, set for an object.
#[derive(Default)]
struct Open {
    bits: [u64; DEPTH_LIMIT / 64],
    depth: usize,
}

impl Open {
    fn push(&mut self, is_object: bool) -> Option<()> {
        let word = self.bits.get_mut(self.depth / 64)?;
        let bit = 1 << (self.depth % 64);
        if is_object {
            *word |= bit
        } else {
            *word &= !bit
        }
        self.depth += 1;
        Some(())
    }

    fn pop(&mut self) {
        self.depth -= 1;
    }

    fn last(&self) -> Option<bool> {
        let at = self.depth.checked_sub(1)?;
        Some(self.bits[at / 64] >> (at % 64) & 1 == 1)
    }
}

fn hex_code(escape: &[u8]) -> Option<u32> {
    let digits = escape.strip_prefix(b"\\u")?;
    digits.iter().try_fold(0, |code, &byte| Some(code * 16 + char::from(byte).to_digit(16)?))
}

/// The whole text is a number.
pub fn is_number(text: &str) -> bool {
    number_length(text.as_bytes()) == Some(text.len())
}

/// How many bytes a number has: `-`, digits without a leading zero, a fraction, an exponent.
fn number_length(bytes: &[u8]) -> Option<usize> {
    let digits = |from: usize| bytes[from..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    let sign = usize::from(bytes.first() == Some(&b'-'));
    let whole = digits(sign);
    if whole == 0 || (whole > 1 && bytes[sign] == b'0') {
        return None;
    }
    let mut at = sign + whole;
    if bytes.get(at) == Some(&b'.') {
        let fraction = digits(at + 1);
        at += 1 + fraction;
        if fraction == 0 {
            return None;
        }
    }
    if let Some(b'e' | b'E') = bytes.get(at) {
        at += 1 + usize::from(matches!(bytes.get(at + 1), Some(b'+' | b'-')));
        let exponent = digits(at);
        at += exponent;
        if exponent == 0 {
            return None;
        }
    }
    Some(at)
}

/// The text that a checked string's inside stands for; half a surrogate pair becomes U+FFFD.
pub fn unescape(inner: &str) -> String {
    let mut out = String::with_capacity(inner.len());
    let mut rest = inner;
    while let Some(at) = memchr::memchr(b'\\', rest.as_bytes()) {
        out.push_str(&rest[..at]);
        let (read, length) = unescape_one(&rest.as_bytes()[at..]);
        out.push(read);
        rest = &rest[at + length..];
    }
    out.push_str(rest);
    out
}

fn unescape_one(escape: &[u8]) -> (char, usize) {
    let plain = |c| (c, 2);
    match escape.get(1) {
        Some(b'n') => plain('\n'),
        Some(b't') => plain('\t'),
        Some(b'r') => plain('\r'),
        Some(b'b') => plain('\u{8}'),
        Some(b'f') => plain('\u{c}'),
        Some(b'u') => {
            let code = |from: usize| escape.get(from..from + 6).and_then(hex_code);
            match (code(0).unwrap_or(0xfffd), code(6)) {
                (high @ 0xd800..=0xdbff, Some(low @ 0xdc00..=0xdfff)) => {
                    let whole = 0x1_0000 + ((high - 0xd800) << 10) + (low - 0xdc00);
                    (char::from_u32(whole).unwrap_or('\u{fffd}'), 12)
                }
                (code, _) => (char::from_u32(code).unwrap_or('\u{fffd}'), 6),
            }
        }
        Some(&byte) => plain(char::from(byte)),
        None => ('\\', 1),
    }
}

/// Without blanks between its parts and with U+FFFD for half a surrogate pair, so that copies of one entry compare
/// however they were printed, and SQL can read it.
pub fn canonical<'a>(raw: Raw<'a>, has_halves: bool) -> Cow<'a, str> {
    if !raw.is_spaced && !has_halves {
        return Cow::Borrowed(raw.text);
    }
    let bytes = raw.text.as_bytes();
    let mut out = String::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let start = at;
        match bytes[at] {
            b' ' | b'\n' | b'\r' | b'\t' => at += 1,
            b'"' => {
                at = string_end(bytes, at);
                push_string(&mut out, &raw.text[start..at]);
            }
            _ => {
                at += bytes[at..]
                    .iter()
                    .take_while(|&&byte| !matches!(byte, b' '..=b'"' | b'\n' | b'\r' | b'\t'))
                    .count();
                out.push_str(&raw.text[start..at.max(start + 1)]);
                at = at.max(start + 1);
            }
        }
    }
    Cow::Owned(out)
}

/// Where a checked string that starts here ends, its closing quote included.
fn string_end(bytes: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    while at < bytes.len() {
        match memchr::memchr2(b'"', b'\\', &bytes[at..]) {
            Some(skip) if bytes[at + skip] == b'"' => return at + skip + 1,
            Some(skip) => at += skip + 2,
            None => break,
        }
    }
    bytes.len()
}

fn push_string(out: &mut String, string: &str) {
    let mut rest = string;
    while let Some(at) = rest.find("\\") {
        let (read, length) = unescape_one(&rest.as_bytes()[at..]);
        let is_half = read == '\u{fffd}' && length == 6 && !rest[at..].to_ascii_lowercase().starts_with("\\ufffd");
        out.push_str(&rest[..at]);
        out.push_str(if is_half { "\u{fffd}" } else { &rest[at..at + length] });
        rest = &rest[at + length..];
    }
    out.push_str(rest);
}

/// Nothing but brackets, quotes and blanks.
pub fn is_empty(raw: &str) -> bool {
    raw.len() <= 16 && raw.bytes().all(|byte| matches!(byte, b'{' | b'}' | b'"' | b' ' | b'\n' | b'\r' | b'\t'))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::Value;

    use super::*;

    fn whole(text: &str) -> Read<Raw<'_>> {
        let mut cursor = Cursor::new(text);
        cursor.raw().and_then(|raw| cursor.end().map(|()| raw))
    }

    #[test]
    fn what_is_no_json_is_refused_with_its_place() {
        let cases = [
            (r#"{"a":1"#, 6, "ends before its last bracket"),
            (r#"{"a":01}"#, 5, "no value"),
            (r#"{"a":"\x"}"#, 6, "a bad escape"),
            (r#"{"a":"\u12g4"}"#, 6, "a bad escape"),
            ("{\"a\":\"x\ty\"}", 7, "a control character inside a string"),
            (r#"{"a" 1}"#, 5, "`:` expected"),
            (r#"{"a":1,}"#, 7, "a key expected"),
            (r#"[1,]"#, 3, "no value"),
            (r#"{"a":"x"#, 7, "ends inside a string"),
            (r#"{} {}"#, 3, "more after the value"),
            ("[1e]", 1, "no value"),
            ("", 0, "ends where a value is expected"),
        ];
        for (text, at, what) in cases {
            assert_eq!(whole(text), Err(Fault { at, what }), "{text}");
        }
        let deep = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
        assert!(whole(&deep(DEPTH_LIMIT)).is_ok());
        assert_eq!(whole(&deep(DEPTH_LIMIT + 1)).map_err(|fault| fault.what), Err("nested too deep"));
    }

    #[test]
    fn half_a_pair_is_let_through_and_mended() {
        let mut cursor = Cursor::new(r#"{"a":"cut \ud83d","b":"\ud83d\ude00 \ufffd"}"#);
        let raw = cursor.raw().unwrap();
        assert_eq!(cursor.halves, 1);
        assert_eq!(canonical(raw, true), "{\"a\":\"cut \u{fffd}\",\"b\":\"\\ud83d\\ude00 \\ufffd\"}");
        assert_eq!(unescape(r"\ud83d\ude00\ud83d\u0041"), "😀\u{fffd}A");
    }

    fn any_json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<f64>().prop_map(Value::from),
            ".*".prop_map(Value::from),
        ];
        leaf.prop_recursive(5, 40, 6, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
                prop::collection::vec((".{0,6}", inner), 0..6)
                    .prop_map(|pairs| Value::Object(pairs.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn what_serde_writes_is_read(value in any_json()) {
            let (plain, pretty) = (value.to_string(), serde_json::to_string_pretty(&value).unwrap());
            prop_assert_eq!(whole(&plain), Ok(Raw { text: &plain, is_spaced: false }));
            prop_assert_eq!(canonical(whole(&pretty).unwrap(), false), plain);
        }

        #[test]
        fn both_readers_refuse_the_same(value in any_json(), at in any::<prop::sample::Index>(), byte in any::<u8>()) {
            let mut bytes = value.to_string().into_bytes();
            let at = at.index(bytes.len());
            bytes[at] = byte;
            let Ok(text) = String::from_utf8(bytes) else { return Ok(()) };
            let mut cursor = Cursor::new(&text);
            let is_read = cursor.skip().and_then(|()| cursor.end()).is_ok();
            let serde = serde_json::from_str::<serde::de::IgnoredAny>(&text).is_ok();
            if cursor.halves == 0 {
                prop_assert_eq!(is_read, serde, "{}", text);
            }
        }

        #[test]
        fn texts_come_out_as_serde_reads_them(text in ".*") {
            let written = serde_json::to_string(&text).unwrap();
            let read = Cursor::new(&written).text().unwrap().unwrap();
            prop_assert_eq!(read.as_ref(), text.as_str());
        }
    }
}
