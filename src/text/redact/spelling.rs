//! How a value is written: in quotes of many kinds, in lists, in blocks, or bare.

use std::ops::Range;

use memchr::{memchr, memmem};

use super::separator::Separator;

/// A value as it stands in a text.
pub(super) struct Value {
    pub range: Range<usize>,
    pub is_quoted: bool,
}

/// The length of the quote that stands here: plain, escaped, or as URLs, HTML and JSON write it.
pub(super) fn quote(text: &str, at: usize) -> Option<usize> {
    const CODED: [&str; 7] = ["%22", "%27", "&quot;", "&#34;", "&#39;", "&#x27;", "&apos;"];
    let rest = &text[at..];
    let slashes = rest.bytes().take(16).take_while(|&b| b == b'\\').count();
    match rest.as_bytes().get(slashes) {
        Some(b'"' | b'\'') => Some(slashes + 1),
        Some(b'`') if slashes == 0 => Some(1),
        Some(b'u') if slashes > 0 && (rest[slashes..].starts_with("u0022") || rest[slashes..].starts_with("u0027")) => {
            Some(slashes + 5)
        }
        _ => CODED.iter().find(|coded| rest.starts_with(**coded)).map(|coded| coded.len()),
    }
}

/// Behind spaces and tabs.
pub(super) fn skip_blank(text: &str, mut at: usize) -> usize {
    loop {
        at += text[at..].bytes().take_while(|b| matches!(b, b' ' | b'\t')).count();
        match text[at..].strip_prefix("\\t") {
            Some(_) => at += 2,
            None => return at,
        }
    }
}

/// The length of a line's end, as it is or as it is written in quotes.
fn line_end(text: &str) -> Option<usize> {
    let written = text.strip_prefix('\\').map(|rest| rest.trim_start_matches('\\'));
    match written {
        Some(rest) if rest.starts_with(['n', 'r']) => Some(text.len() - rest.len() + 1),
        Some(_) => None,
        None => text.starts_with(['\n', '\r']).then_some(1),
    }
}

/// Where a line ends.
fn end_of_line(text: &str) -> usize {
    let mut ends = text.match_indices(['\n', '\r', '\\']).map(|(at, _)| at);
    ends.find(|&at| line_end(&text[at..]).is_some()).unwrap_or(text.len())
}

/// The values that begin here, several in a list.
pub(super) fn values(text: &str, at: usize, separator: Separator, name_start: usize) -> Vec<Value> {
    let found = match separator {
        Separator::Tag => element(text, at),
        Separator::Line => Some(line(text, at)),
        _ => {
            let at = wrapped(text, at);
            if text[at..].starts_with('[') || text[at..].starts_with('(') && quoted_item(text, at + 1) {
                return list(text, at + 1);
            }
            let block = (separator == Separator::Colon).then(|| block(text, at, name_start)).flatten();
            block.or_else(|| one(text, at, separator, name_start))
        }
    };
    found.into_iter().filter(|value| !value.range.is_empty()).collect()
}

fn quoted_item(text: &str, at: usize) -> bool {
    quote(text, at + prefix(text, at)).is_some()
}

/// Behind `Some(`, `Optional[`, `string(7) ` and the like.
fn wrapped(text: &str, at: usize) -> usize {
    const WRAPPERS: [&str; 9] =
        ["Some(", "Optional(", "Optional[", "SecretStr(", "Secret(", "Just ", "Present(", "bytearray(", "&"];
    if quote(text, at).is_some() {
        return at;
    }
    // a tag or an anchor of YAML
    let mark = text[at..].bytes().take(32).take_while(|b| b.is_ascii_alphanumeric() || b"!&_".contains(b)).count();
    if text[at..].starts_with(['!', '&']) && text[at + mark..].starts_with(' ') {
        return at + mark + 1;
    }
    let behind = line_end(&text[at..]).map_or(&text[at..], |end| &text[at + end..]);
    let dumped = behind.trim_start().strip_prefix("string(");
    let dumped = dumped.and_then(|rest| rest.trim_start_matches(|c: char| c.is_ascii_digit()).strip_prefix(") "));
    if let Some(rest) = dumped {
        return text.len() - rest.len();
    }
    at + WRAPPERS.iter().find(|word| text[at..].starts_with(**word)).map_or(0, |word| word.len())
}

/// The length of `b`, `u`, `r`, `@` and alike before a quote.
fn prefix(text: &str, at: usize) -> usize {
    let length = text[at..].bytes().take(2).take_while(|b| b"bBuUrRfF@$".contains(b)).count();
    if length > 0 && quote(text, at + length).is_some() { length } else { 0 }
}

fn list(text: &str, mut at: usize) -> Vec<Value> {
    let mut values = Vec::new();
    for _ in 0..32 {
        at = skip_blank(text, at);
        let Some(value) = quoted(text, at).or_else(|| bare(text, at, &[','])) else { break };
        at = value.range.end;
        // behind the closing quote
        at += if value.is_quoted { quote(text, at).unwrap_or(0) } else { 0 };
        values.push(value);
        at = skip_blank(text, at);
        match text[at..].strip_prefix(',') {
            Some(_) => at += 1,
            None => break,
        }
    }
    values.retain(|value| !value.range.is_empty());
    values
}

fn one(text: &str, at: usize, separator: Separator, name_start: usize) -> Option<Value> {
    if let Some(value) = quoted(text, at) {
        return Some(value);
    }
    // `Server=db;Password=a b,c;`
    let before = text[..name_start].trim_end_matches(' ');
    if separator == Separator::Equals && before.ends_with(';') {
        let end = text[at..].find([';', '"', '\'', '\n', '\r', '<']).map_or(text.len(), |end| at + end);
        if text[end..].starts_with(';') {
            return Some(Value { range: at..end, is_quoted: false });
        }
    }
    let stops: &[char] = if separator == Separator::Flag { &[] } else { &[',', ';', '&'] };
    bare(text, at, stops)
}

fn quoted(text: &str, at: usize) -> Option<Value> {
    let at = at + prefix(text, at);
    let length = quote(text, at)?;
    let (sign, start) = (&text[at..at + length], at + length);
    let rest = &text[start..];
    let end = close(rest, sign).unwrap_or(rest.len());
    let end = memchr(b'\n', &rest.as_bytes()[..end]).unwrap_or(end);
    Some(Value { range: start..start + end, is_quoted: true })
}

/// Where a quote closes: not behind a backslash of its own.
fn close(line: &str, sign: &str) -> Option<usize> {
    let bytes = line.as_bytes();
    let mut from = 0;
    loop {
        let at = from + memmem::find(&bytes[from..], sign.as_bytes())?;
        let slashes = bytes[..at].iter().rev().take_while(|&&b| b == b'\\').count();
        if sign.len() > 1 && slashes == 0 || sign.len() == 1 && slashes % 2 == 0 {
            return Some(at);
        }
        from = at + sign.len();
    }
}

/// Up to what ends a word.
fn bare(text: &str, at: usize, stops: &[char]) -> Option<Value> {
    let rest = &text[at..];
    let is_stop = |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '`' | '<') || stops.contains(&c);
    let is_escape = |at: usize| rest[at + 1..].starts_with(['n', 'r', 't', '"', '\'', '\\']);
    // a stand-in, a placeholder
    let start = if rest.starts_with('<') { rest.find(['>', ' ', '\n']).unwrap_or(rest.len()) } else { 0 };
    let mut ends = rest.char_indices().skip_while(|(at, _)| *at < start);
    let end = ends.find(|&(at, c)| is_stop(c) || c == '\\' && is_escape(at)).map_or(rest.len(), |(end, _)| end);
    let end = end.min(["&quot;", "%26", "%22"].iter().filter_map(|sign| rest[..end].find(sign)).min().unwrap_or(end));
    (end > 0).then_some(Value { range: at..at + end, is_quoted: false })
}

/// What opens and closes a tag, in the ways it is written.
pub(super) const TAGS: [(&str, &str); 4] = [("<", ">"), ("&lt;", "&gt;"), ("u003c", "\\u003e"), ("%3C", "%3E")];

/// The content of an element, up to its end.
fn element(text: &str, at: usize) -> Option<Value> {
    let content = &text[at..text.floor_char_boundary(at + 4096)];
    let start = content.strip_prefix("<![CDATA[").map_or(0, |_| 9);
    let mut end = content.len();
    for open in ["<", "&lt;", "\\u003c", "%3C"] {
        end = content[start..end].find(open).map_or(end, |at| start + at);
    }
    let is_closed = start > 0
        || TAGS.iter().any(|(open, _)| content[end..].trim_start_matches('\\').starts_with(&format!("{open}/")));
    let content = content[start..end].trim_end_matches("]]>").trim_end_matches('\\').trim_end();
    let blank = content.len() - content.trim_start().len();
    is_closed.then(|| Value { range: at + start + blank..at + start + content.len(), is_quoted: true })
}

fn line(text: &str, at: usize) -> Value {
    Value { range: at..at + end_of_line(&text[at..]), is_quoted: true }
}

/// The lines of a YAML block: those that stand deeper than its key.
fn block(text: &str, at: usize, name_start: usize) -> Option<Value> {
    let rest = text[at..].strip_prefix(['|', '>'])?.trim_start_matches(['-', '+']);
    let start = text.len() - rest.len() + line_end(rest)?;
    let depth = |line: &str| line.len() - line.trim_start_matches(' ').len();
    let before = &text[text.floor_char_boundary(name_start.saturating_sub(200))..name_start];
    let key_depth = depth(before.rsplit(['\n', '\\']).next().unwrap_or_default());
    let (mut at, mut end) = (start, start);
    while at < text.len() && depth(&text[at..]) > key_depth {
        end = at + end_of_line(&text[at..]);
        at = end + line_end(&text[end..]).unwrap_or(0);
    }
    let content = &text[start..end];
    let indent = content.len() - content.trim_start().len();
    Some(Value { range: start + indent..end, is_quoted: true })
}
