//! Credentials in headers: `Authorization: Bearer x`, `Cookie: a=b; c=d`.

use std::{ops::Range, sync::LazyLock};

use regex::Regex;

use super::{Class, Hit, regex, separator::Separator, spelling, value};

/// Schemes with one word behind them, and with parameters.
const SCHEMES: [&str; 17] = [
    "bearer",
    "basic",
    "token",
    "apikey",
    "api-key",
    "bot",
    "negotiate",
    "ntlm",
    "jwt",
    "key",
    "sharedkey",
    "sharedkeylite",
    "snowflake",
    "githubtoken",
    "discogs",
    "ssws",
    "klaviyo-api-key",
];
const WITH_PARAMETERS: [&str; 10] =
    ["digest", "oauth", "hawk", "mac", "signature", "googlelogin", "aws4-hmac-sha256", "aws", "dpop", "scram-sha-256"];

/// The length of a scheme and the space behind it at the beginning of a value, and whether it is a known one.
pub(super) fn length(text: &str) -> (usize, bool) {
    let Some((word, _)) = text.split_once(' ') else { return (0, false) };
    let word_of = |schemes: &[&str]| schemes.iter().any(|scheme| scheme.eq_ignore_ascii_case(word));
    let is_known = word.len() < 20 && (word_of(&SCHEMES) || word_of(&WITH_PARAMETERS));
    let spaces = text[word.len()..].bytes().take_while(|&b| b == b' ').count();
    if is_known { (word.len() + spaces, true) } else { (0, false) }
}

/// The bare value of a header goes on to the end of its line, or of the quotes round the header.
pub(super) fn of_header(text: &str, at: usize, separator: Separator) -> Option<Range<usize>> {
    let is_header = separator == Separator::Colon || separator == Separator::Equals;
    if !is_header || spelling::quote(text, at).is_some() || value::is_stand_in(&text[at..]) {
        return None;
    }
    let rest = &text[at..];
    let (skipped, is_known) = length(&rest[..rest.floor_char_boundary(64)]);
    let start = at + skipped;
    let rest = &text[start..];
    let with_parameters = WITH_PARAMETERS.iter().any(|scheme| scheme.eq_ignore_ascii_case(text[at..start].trim_end()));
    let first = &rest[..rest.find(char::is_whitespace).unwrap_or(rest.len())];
    let is_pair = first[..first.floor_char_boundary(256)].contains('=') && !first.ends_with('=') && !is_known;
    if with_parameters || is_pair && separator == Separator::Colon {
        // parameters have quotes of their own
        let stop = |c: char| matches!(c, '\n' | '\r') || !with_parameters && matches!(c, '"' | '\'' | '}' | '{');
        let end = rest.find(stop).unwrap_or(rest.len());
        let end = rest[..end].find("\\r\\n").unwrap_or(end);
        let end = rest[..end].find("\\n").unwrap_or(end);
        let value = rest[..end].trim_end().trim_end_matches(['"', '\'', '\\']);
        return is_secret(value).then(|| start..start + value.len());
    }
    let end = first.find(['"', '\'', ',', ';', '\\', '<', '`', '&']).unwrap_or(first.len());
    let value = first[..end].trim_end_matches([')', ']', '}', '.', ':']);
    if is_known {
        let is_word = value.bytes().all(|b| b.is_ascii_lowercase()) && value.len() < 20;
        return (is_secret(value) && !is_word).then(|| start..start + value.len());
    }
    // a scheme of their own: `Authorization: Custom 8f2a...`
    let next = text[at + first.len()..].trim_start_matches(' ');
    let word = &next[..next.find(|c: char| c.is_whitespace() || "\"',\\".contains(c)).unwrap_or(next.len())];
    let start = text.len() - next.len();
    (value::is_word(value) && is_secret(word) && value::is_random(word, 8)).then(|| start..start + word.len())
}

fn is_secret(value: &str) -> bool {
    !value.is_empty() && !value::is_harmless(value)
}

/// `Bearer x` wherever it stands.
static SCHEME: LazyLock<Regex> = LazyLock::new(|| regex(r"\b(?i:bearer|basic)(?: +|%20|\+)([A-Za-z0-9._~+/-]{8,}=*)"));

pub(super) fn find(text: &str, off: &[Class]) -> Vec<Hit> {
    if off.contains(&Class::Token) {
        return Vec::new();
    }
    let values = SCHEME.captures_iter(text).filter_map(|captures| captures.get(1));
    values.filter(|value| is_mixed(value.as_str())).map(|value| (Class::Token, value.range())).collect()
}

/// `Basic authentication` has a word there.
fn is_mixed(value: &str) -> bool {
    let inner = &value.as_bytes()[1..];
    let any = |is: fn(&u8) -> bool| inner.iter().any(is);
    any(|b| b.is_ascii_digit() || *b == b'=') || any(u8::is_ascii_uppercase) && any(u8::is_ascii_lowercase)
}
