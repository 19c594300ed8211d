//! Secrets told by their own look: private keys, the makes of `shapes.txt`, and numbers of cards.

use std::sync::LazyLock;

use memchr::memmem;
use regex::Regex;

use super::{Class, Hit, keys, regex, value};

static PRIVATE_KEY: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----[\s\S]*?(?:-----END [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----|$)|PuTTY-User-Key-File-[0-9][\s\S]*?(?:Private-MAC: *[0-9a-f]+|$)",
    )
});
static END_OF_KEY: LazyLock<Regex> = LazyLock::new(|| regex(r"-----END [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----"));

/// A private key, also one whose beginning or end was cut away.
pub(super) fn find_private_keys(text: &str, off: &[Class]) -> Vec<Hit> {
    let may_be =
        ["PRIVATE KEY", "PuTTY-User-Key"].iter().any(|words| memmem::find(text.as_bytes(), words.as_bytes()).is_some());
    if off.contains(&Class::PrivateKey) || !may_be {
        return Vec::new();
    }
    let mut hits: Vec<Hit> = PRIVATE_KEY.find_iter(text).map(|key| (Class::PrivateKey, key.range())).collect();
    let mut free = 0;
    for end in END_OF_KEY.find_iter(text) {
        let is_part = |c: &char| c.is_ascii_alphanumeric() || c.is_ascii_whitespace() || "+/=\\".contains(*c);
        let body = text[free..end.start()].chars().rev().take_while(is_part).count();
        let body = &text[end.start() - body..end.start()];
        // words may stand before the first line
        let words = body.len() - body.trim_start_matches(|c: char| c.is_whitespace()).len();
        hits.push((Class::PrivateKey, end.start() - body.len() + words..end.end()));
        free = end.end();
    }
    super::in_order(hits)
}

/// A class, and what its members look like in one pattern.
static SHAPES: LazyLock<Vec<(Class, Regex)>> = LazyLock::new(|| {
    let pattern_of = |class: Class| {
        let patterns: Vec<String> = keys::lines(include_str!("shapes.txt"))
            .filter_map(|line| line.split_once(' '))
            .filter(|(name, _)| *name == class.as_str())
            .map(|(_, pattern)| pattern.trim())
            .map(
                |pattern| {
                    if pattern.starts_with(['\\', '%']) { pattern.to_owned() } else { format!(r"(?-u:\b){pattern}") }
                },
            )
            .collect();
        (class, regex(&patterns.join("|")))
    };
    [Class::PrivateKey, Class::Password, Class::Token, Class::Key].map(pattern_of).into()
});

pub(super) fn find(text: &str, off: &[Class]) -> Vec<Hit> {
    let mut hits = Vec::new();
    for (class, pattern) in SHAPES.iter().filter(|(class, _)| !off.contains(class)) {
        for captures in pattern.captures_iter(text) {
            let Some(secret) = captures.iter().flatten().last() else { continue };
            // makers' prefixes also begin words joined by hyphens
            let is_made = *class != Class::Key || secret.as_str().bytes().any(|b| b.is_ascii_digit());
            if is_made && !value::is_harmless(secret.as_str()) {
                hits.push((*class, secret.range()));
            }
        }
    }
    super::in_order(hits)
}

static CARD: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?-u:\b)(?:4[0-9]{3}|5[1-5][0-9]{2}|2[2-7][0-9]{2}|6011|65[0-9]{2}|64[4-9][0-9]|35[2-8][0-9])([ -]?)[0-9]{4}[ -]?[0-9]{4}[ -]?[0-9]{4}(?-u:\b)|(?-u:\b)3[47][0-9]{2}[ -]?[0-9]{6}[ -]?[0-9]{5}(?-u:\b)|(?-u:\b)3(?:0[0-5]|[68][0-9])[0-9][ -]?[0-9]{6}[ -]?[0-9]{4}(?-u:\b)",
    )
});

/// Numbers of payment cards: of a known issuer, with a right check digit, and no part or value of an id.
pub(super) fn find_cards(text: &str, off: &[Class]) -> Vec<Hit> {
    if off.contains(&Class::Card) {
        return Vec::new();
    }
    let cards = CARD.find_iter(text).filter(|card| {
        let (before, after) = (&text[..card.start()], &text[card.end()..]);
        let is_part = before.ends_with(['-', '.', '/', '_', '#'])
            || after.starts_with(['-', '/', '_'])
            || after.starts_with('.') && after[1..].starts_with(|c: char| c.is_ascii_digit());
        passes_luhn(card.as_str()) && !is_part && !is_id(before)
    });
    cards.map(|card| (Class::Card, card.range())).collect()
}

pub(super) fn is_digits(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_digit())
}

/// `orderId=`, `"insertId": "`, `trace id `.
pub(super) fn is_id(before: &str) -> bool {
    let tail = &before[before.floor_char_boundary(before.len().saturating_sub(24))..];
    let word = tail.trim_end_matches(['"', '\'', ' ', ':', '=', '\\']).to_ascii_lowercase();
    ["id", "ns", "time", "timestamp", "nanos", "micros", "ms", "order", "serial", "seq", "offset"]
        .iter()
        .any(|end| word.ends_with(end))
}

fn passes_luhn(number: &str) -> bool {
    let digits = number.bytes().rev().filter(u8::is_ascii_digit).map(|b| u32::from(b - b'0'));
    let weighed = digits.enumerate().map(|(at, digit)| match at % 2 {
        0 => digit,
        _ => digit * 2 / 10 + digit * 2 % 10,
    });
    weighed.sum::<u32>() % 10 == 0
}
