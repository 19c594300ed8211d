//! What the variables of a template held in one message, and what kind of thing each value is.
//!
//! Kinds are facts about values, for people to read; they take no part in what a pattern is.

use std::net::IpAddr;

use memchr::memmem;

use crate::mine::{
    VARIABLE,
    shape::{
        clean::escape_length,
        piece::{BLANK, is},
        words,
    },
};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Value<'m> {
    /// Which variable of the template, from 0.
    pub position: usize,
    /// The key before it, as in `user=` or `"user": `.
    pub name: Option<String>,
    pub kind: &'static str,
    pub text: &'m str,
}

/// Lines the words of the template up with the message; `None` if they do not fit. Each word is sought once, leftmost
/// first, which finds a fit whenever there is one.
pub fn values<'m>(template: &str, message: &'m str) -> Option<Vec<Value<'m>>> {
    let message = message.trim();
    let literals: Vec<&str> = template.trim().split(VARIABLE).collect();
    let (first, rest) = literals.split_first()?;
    let bytes = message.as_bytes();
    let is_end = |at: usize| at + blanks(&bytes[at..]) == message.len();
    let mut at = literal_end(message, blanks(bytes), first)?;
    let Some((last, middle)) = rest.split_last() else {
        return is_end(at).then(Vec::new);
    };
    let mut values = Vec::with_capacity(rest.len());
    let mut before = *first;
    for literal in middle {
        let (start, end) = find_literal(message, at, literal)?;
        values.push(value(values.len(), before, &message[at..start]));
        (at, before) = (end, literal);
    }
    let start = match *last {
        "" => message.len(),
        last => last_literal(message, at, last, is_end)?,
    };
    values.push(value(values.len(), before, &message[at..start]));
    Some(values)
}

fn value<'m>(position: usize, before: &str, text: &'m str) -> Value<'m> {
    let key = key_before(before);
    let text = if key.is_some() { without_quotes(text.trim()) } else { text.trim() };
    let name = key.or_else(|| noun_before(before));
    let kind = match name.as_deref().map(str::to_ascii_lowercase).as_deref() {
        Some("user" | "username" | "user_name" | "login" | "ruser" | "logname") if kind_of(text) == "word" => "user",
        _ => kind_of(text),
    };
    Value { position, name, kind, text }
}

/// The quotes of a key's value are no part of it.
fn without_quotes(text: &str) -> &str {
    let unquoted = |quote: char| text.strip_prefix(quote).and_then(|text| text.strip_suffix(quote));
    unquoted('"').or_else(|| unquoted('\'')).unwrap_or(text)
}

/// The noun in `for connection `: a word right before the value that itself stands behind a preposition.
fn noun_before(before: &str) -> Option<String> {
    const PREPOSITIONS: [&str; 8] = ["for", "of", "from", "with", "by", "on", "to", "in"];
    let mut words = before.trim_end().rsplit(' ');
    let (noun, preposition) = (words.next()?, words.next()?);
    let is_noun = noun.len() >= 3 && noun.bytes().all(|byte| byte.is_ascii_lowercase());
    (is_noun && PREPOSITIONS.contains(&preposition)).then(|| noun.to_owned())
}

/// `user=`, `user: ` or `"user": "`.
fn key_before(before: &str) -> Option<String> {
    let head = before.trim_end().trim_end_matches(['"', '\'', '[', '(']).trim_end();
    let head = head.strip_suffix([':', '='])?.trim_end_matches(['"', '\'', ' ']);
    let start = head
        .rfind(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '-' | '.')))
        .map_or(0, |at| at + head[at..].chars().next().map_or(1, char::len_utf8));
    (head.len() - start > 2).then(|| head[start..].to_owned())
}

/// Where `literal` ends if it stands at `at`. Any blanks match any blanks, and next to a separator also none.
fn literal_end(message: &str, mut at: usize, literal: &str) -> Option<usize> {
    let bytes = message.as_bytes();
    let (mut rest, mut before) = (literal.as_bytes(), None);
    loop {
        at += escape_length(&bytes[at..]);
        let Some(&wanted) = rest.first() else {
            return Some(at);
        };
        let blanks = blanks(&bytes[at..]);
        if is(wanted, BLANK) {
            let after = rest.iter().copied().find(|&byte| !is(byte, BLANK));
            if blanks == 0 && at < bytes.len() && !is_mark(before) && !is_mark(after) {
                return None;
            }
            at += blanks;
            rest = &rest[rest.iter().take_while(|&&byte| is(byte, BLANK)).count()..];
        } else if bytes.get(at) == Some(&wanted) {
            at += 1;
            rest = &rest[1..];
        } else if blanks > 0 && (is_mark(before) || is_mark(Some(wanted))) {
            at += blanks;
        } else {
            return None;
        }
        before = Some(wanted);
    }
}

/// Punctuation, beside which blanks are a matter of taste.
fn is_mark(byte: Option<u8>) -> bool {
    byte.is_some_and(|byte| byte.is_ascii_punctuation())
}

/// Length of the blanks here; `\n` written out is one, and colours do not count.
fn blanks(bytes: &[u8]) -> usize {
    let mut at = 0;
    while at < bytes.len() {
        at += match &bytes[at..] {
            [byte, ..] if is(*byte, BLANK) => 1,
            [b'\\', b'n' | b'r' | b't', ..] => 2,
            rest if escape_length(rest) > 0 => escape_length(rest),
            _ => break,
        };
    }
    at
}

/// The first place from `from` on where `literal` stands; blanks before it belong to it.
fn find_literal(message: &str, from: usize, literal: &str) -> Option<(usize, usize)> {
    let bytes = message.as_bytes();
    let words = literal.trim_start_matches(|c: char| c.is_ascii() && is(c as u8, BLANK));
    let word = words.split(|c: char| c.is_ascii() && is(c as u8, BLANK)).next().unwrap_or_default();
    if word.is_empty() {
        let at = from + bytes.get(from..)?.iter().position(|&byte| is(byte, BLANK))?;
        return literal_end(message, at, literal).map(|end| (at, end));
    }
    let needs_blank = words.len() < literal.len() && !is_mark(word.bytes().next());
    let mut at = from;
    loop {
        let found = at + memmem::find(bytes.get(at..)?, word.as_bytes())?;
        let fits = !needs_blank || ends_blank(&message[..found]);
        if let Some(end) = literal_end(message, found, words).filter(|_| fits) {
            return Some((found, end));
        }
        at = found + 1;
    }
}

fn ends_blank(text: &str) -> bool {
    text.ends_with(|c: char| c.is_ascii_whitespace())
        || text.ends_with("\\n")
        || text.ends_with("\\t")
        || text.ends_with('m')
}

/// Where the literal that ends the message starts.
fn last_literal(message: &str, from: usize, literal: &str, is_end: impl Fn(usize) -> bool) -> Option<usize> {
    let mut at = from;
    loop {
        let (start, end) = find_literal(message, at, literal)?;
        if is_end(end) {
            return Some(start);
        }
        at = start + 1;
    }
}

/// A kind and what tells it.
type Check = (&'static str, fn(&str) -> bool);

/// number, uuid, hex, ip, path, url, time, duration, email, id, bool, word or text.
pub fn kind_of(value: &str) -> &'static str {
    let value = value.trim();
    if value.is_empty() || value.contains(|c: char| c.is_ascii_whitespace()) {
        return if is_time(value) { "time" } else { "text" };
    }
    let checks: [Check; 11] = [
        ("bool", words::is_bool),
        ("number", is_number),
        ("uuid", is_uuid),
        ("ip", is_ip),
        ("url", |value| value.contains("://")),
        ("duration", is_duration),
        ("time", is_time),
        ("hex", is_hex),
        ("path", is_path),
        ("email", is_email),
        ("id", is_id),
    ];
    checks
        .iter()
        .find(|(_, holds)| holds(value))
        .map_or_else(|| if is_word(value) { "word" } else { "text" }, |(kind, _)| kind)
}

fn is_number(value: &str) -> bool {
    let digits = value.trim_start_matches(['-', '+', '$', '#']).trim_end_matches('%');
    digits.starts_with(|c: char| c.is_ascii_digit())
        && digits.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b','))
        && digits.bytes().filter(|&byte| byte == b'.').count() < 2
}

fn is_uuid(value: &str) -> bool {
    let groups: Vec<&str> = value.split('-').collect();
    groups.iter().map(|group| group.len()).eq([8, 4, 4, 4, 12]) && groups.iter().all(|group| all_hex(group))
}

fn all_hex(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn is_hex(value: &str) -> bool {
    let digits = value.strip_prefix("0x").or_else(|| value.strip_prefix("0X"));
    match digits {
        Some(digits) => !digits.is_empty() && all_hex(digits),
        None => value.len() >= 6 && all_hex(value) && value.bytes().any(|byte| byte.is_ascii_digit()),
    }
}

fn is_ip(value: &str) -> bool {
    let value = value.strip_prefix('/').unwrap_or(value);
    if value.parse::<IpAddr>().is_ok() {
        return true;
    }
    value.rsplit_once(':').is_some_and(|(host, port)| {
        let host = host.trim_start_matches('[').trim_end_matches(']');
        host.parse::<IpAddr>().is_ok() && port.parse::<u16>().is_ok()
    })
}

fn is_duration(value: &str) -> bool {
    let number = value.trim_end_matches(|c: char| c.is_ascii_alphabetic() || c == 'µ');
    let unit = &value[number.len()..];
    let has_unit = matches!(unit, "s" | "ms" | "us" | "µs" | "ns" | "m" | "h" | "d" | "sec" | "secs" | "min");
    let is_go = || number.split(['h', 'm']).all(|part| !part.is_empty() && is_number(part));
    has_unit && (is_number(number) || is_go())
}

/// `10:15:00`, `2025-01-02T03:04:05Z`, `Jan 2 03:04:05`: figures with colons or dashes, and little else.
fn is_time(value: &str) -> bool {
    let has_clock = value.split([' ', 'T', '.', ',']).any(|part| {
        let fields: Vec<&str> =
            part.trim_end_matches('Z').split(['+', '-']).next().unwrap_or_default().split(':').collect();
        (2..=3).contains(&fields.len()) && fields.iter().all(|field| is_digits(field, 2))
    });
    let has_date = value.split([' ', 'T']).any(|part| {
        let fields: Vec<&str> = part.split(['-', '/']).collect();
        fields.len() == 3
            && fields.iter().all(|field| is_digits(field, 4))
            && fields.iter().any(|field| field.len() == 4)
    });
    let known = |word: &str| words::is_time_word(word) || word.is_empty() || matches!(word, "T" | "Z");
    (has_clock || has_date) && value.split(|c: char| !c.is_ascii_alphabetic()).all(known)
}

fn is_digits(text: &str, longest: usize) -> bool {
    !text.is_empty() && text.len() <= longest && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_path(value: &str) -> bool {
    value.len() > 1
        && (value.starts_with(['/', '~', '.']) && value.contains('/')
            || value.contains(":\\")
            || value.matches('/').count() > 1)
}

fn is_email(value: &str) -> bool {
    value.split_once('@').is_some_and(|(name, host)| !name.is_empty() && host.contains('.') && !host.contains('@'))
}

fn is_id(value: &str) -> bool {
    value.bytes().any(|byte| byte.is_ascii_digit())
        && value.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b':' | b'/'))
}

fn is_word(value: &str) -> bool {
    value.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts<'m>(template: &str, message: &'m str) -> Option<Vec<&'m str>> {
        values(template, message).map(|values| values.into_iter().map(|value| value.text).collect())
    }

    #[test]
    fn lines_up() {
        assert_eq!(texts("tenant <*> has <*> seats", "tenant ann\n has  3 seats"), Some(vec!["ann", "3"]));
        assert_eq!(texts("a <*> b", "a b b b"), Some(vec!["b b"]));
        assert_eq!(texts("<*> é <*>", "1 é 2"), Some(vec!["1", "2"]));
        assert_eq!(texts("took <*>s", "took 3.5s"), Some(vec!["3.5"]));
        assert_eq!(texts("same words", "same   words"), Some(vec![]));
        assert_eq!(texts("same words", "other words"), None);
        assert_eq!(texts("a <*>", "b 1"), None);
        assert_eq!(texts("<*> x", "no end"), None);
    }

    #[test]
    fn names_and_kinds() {
        assert_eq!(texts("a user=<*> id=<*>", "a user=\"ann b\" id="), Some(vec!["ann b", ""]));
        let values =
            values("user=<*> took <*>ms {\"path\": \"<*>\"}", "user=ann took 7ms {\"path\": \"/a/b\"}").unwrap();
        let seen: Vec<_> = values.iter().map(|value| (value.name.as_deref(), value.kind)).collect();
        assert_eq!(seen, [(Some("user"), "user"), (None, "number"), (Some("path"), "path")]);
        assert_eq!(noun_before("opened for connection ").as_deref(), Some("connection"));
        assert_eq!(noun_before("failed in "), None);
    }

    #[test]
    fn kinds() {
        let cases = [
            ("12", "number"),
            ("-1.5", "number"),
            ("0x1f", "hex"),
            ("deadbeef01", "hex"),
            ("10.0.0.1:80", "ip"),
            ("fe80::1", "ip"),
            ("550e8400-e29b-41d4-a716-446655440000", "uuid"),
            ("https://a.b/c", "url"),
            ("/var/x", "path"),
            ("1.5s", "duration"),
            ("1m2.5s", "duration"),
            ("2025-01-02T03:04:05.123Z", "time"),
            ("2025-01-02 03:04:05 +0000", "time"),
            ("a@b.org", "email"),
            ("req_17_21c9", "id"),
            ("True", "bool"),
            ("ann", "word"),
            ("two words", "text"),
            ("", "text"),
        ];
        for (value, kind) in cases {
            assert_eq!(kind_of(value), kind, "{value}");
        }
    }
}
