//! Secrets told by what stands before them: `key = value` in the spellings of programs, dumps, forms, headers, command
//! lines and settings.

use std::ops::Range;

use super::{
    Class, Hit,
    keys::{self, Key, Name, Place},
    scheme,
    separator::{self, Separator},
    spelling::{self, Value},
    value,
};

/// A key that stands in a text.
struct Found<'a> {
    text: &'a str,
    range: Range<usize>,
    name: Name,
    /// Whether a quote closes behind it.
    is_quoted: bool,
    separator: Separator,
    /// Where the value begins.
    at: usize,
}

/// Names longer than this are none.
const LONGEST_NAME: usize = 64;

pub(super) fn find(text: &str, off: &[Class]) -> Vec<Hit> {
    let mut hits: Vec<Hit> = Vec::new();
    let mut free = 0;
    for stem in keys::STEMS.find_iter(text) {
        if stem.start() < free {
            continue;
        }
        let range = around(text, stem.range(), free);
        free = range.end;
        if text[..range.start].ends_with('<') && value::is_stand_in(&text[range.start - 1..]) {
            continue;
        }
        if let Some(found) = hits_of(text, range, off).filter(|found| !found.is_empty()) {
            free = found.last().map_or(free, |(_, range)| range.end);
            hits.extend(found);
        }
    }
    hits
}

/// The whole name of which a stem is a part; nothing before `free`, which was looked at before.
fn around(text: &str, stem: Range<usize>, free: usize) -> Range<usize> {
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.');
    let before = &text[text.floor_char_boundary(stem.start.saturating_sub(LONGEST_NAME)).max(free)..stem.start];
    let before = before.chars().rev().take_while(|&c| is_part(c)).map(char::len_utf8).sum::<usize>();
    let after =
        text[stem.end..].chars().take(LONGEST_NAME).take_while(|&c| is_part(c)).map(char::len_utf8).sum::<usize>();
    // `password......x` is a name and a line of dots
    let after = text[stem.end..stem.end + after].find("..").unwrap_or(after);
    let (mut start, end) = (stem.start - before, stem.end + after);
    // `%5Bpassword`, `\u0022password`, `\npassword`
    let escape = match text[..start].chars().next_back() {
        Some('%') => 2,
        Some('\\') if text[start..].starts_with("u00") => 5,
        Some('\\') => 1,
        _ => 0,
    };
    start = stem.start.min(start + escape);
    let name = text[start..end].trim_end_matches(['.', '-']);
    let end = (start + name.len()).max(stem.end);
    let name = text[start..end].trim_start_matches(['.', '-']);
    (end - name.len()).min(stem.start)..end
}

fn hits_of(text: &str, range: Range<usize>, off: &[Class]) -> Option<Vec<Hit>> {
    let name = Name::of(&text[range.clone()]);
    let spaced = word_before(text, range.start).map(|word| Name::of(&format!("{word} {}", &text[range.clone()])));
    let mut candidates: Vec<&Key> = name.keys().collect();
    let of_two: Vec<&Key> = spaced.iter().flat_map(Name::keys).collect();
    if of_two.iter().any(|key| key.class.is_none()) {
        return None;
    }
    candidates.extend(of_two);
    candidates.first()?.class?;
    let found = Found::read(text, range, name)?;
    candidates.into_iter().filter(|key| key.class.is_some_and(|class| !off.contains(&class))).find_map(|key| {
        let hits = found.hits(key);
        (!hits.is_empty()).then_some(hits)
    })
}

/// `api` before `key`, one space between.
fn word_before(text: &str, at: usize) -> Option<&str> {
    let before = text[..at].strip_suffix(' ')?;
    let length = before.bytes().rev().take(20).take_while(|b| b.is_ascii_alphabetic() || *b == b'-').count();
    (length > 0).then(|| &before[before.len() - length..])
}

impl<'a> Found<'a> {
    fn read(text: &'a str, range: Range<usize>, name: Name) -> Option<Found<'a>> {
        let mut at = range.end;
        let before = text[..range.start].trim_end_matches('-');
        let quote = spelling::quote(text, at).filter(|length| before.ends_with(&text[at..at + length]));
        at += quote.unwrap_or(0);
        for close in ["]", "%5D", "%5d"] {
            at += if text[at..].starts_with(close) { close.len() } else { 0 };
        }
        let is_quoted = quote.is_some();
        let (separator, at) = separator::read(text, &range, at, is_quoted)?;
        Some(Found { text, range, name, is_quoted, separator, at })
    }

    fn hits(&self, key: &Key) -> Vec<Hit> {
        let Some(class) = key.class.filter(|_| self.is_place(key)) else { return Vec::new() };
        if key.place == Place::Header
            && let Some(hit) = scheme::of_header(self.text, self.at, self.separator)
        {
            return vec![(class, hit)];
        }
        let values = spelling::values(self.text, self.at, self.separator, self.range.start);
        values.into_iter().filter_map(|value| Some((class, self.secret(key, class, value)?))).collect()
    }

    /// A key of URLs and forms stands behind `?` or `&`, or has `&` behind its value.
    fn is_place(&self, key: &Key) -> bool {
        let is_form = || {
            let behind = &self.text[self.at..self.text.floor_char_boundary(self.at + value::LONGEST_OPEN)];
            let end = behind.find(['&', ' ', '\n', '"', '\'']).map(|end| self.at + end);
            end.is_some_and(|end| self.text[end..].starts_with('&'))
        };
        key.place != Place::Url
            || self.separator == Separator::Equals
                && (self.text[..self.range.start].ends_with(['?', '&', '#']) || is_form())
    }

    /// The part of a value that has to be hidden.
    fn secret(&self, key: &Key, class: Class, value: Value) -> Option<Range<usize>> {
        let Value { mut range, is_quoted } = value;
        let text = &self.text[range.clone()];
        let name = &self.text[self.range.clone()];
        let (scheme, is_known) = scheme::length(text);
        if is_quoted && (is_known || key.place == Place::Header) {
            range.start += scheme;
        }
        let after = &self.text[range.end..];
        let text = &self.text[range.clone()];
        let text = if is_quoted || text.starts_with('<') {
            text
        } else {
            text.trim_end_matches([')', ']', '}', '>', '.', ':'])
        };
        if text.len() > value::LONGEST_OPEN {
            return Some(range.start..range.start + text.len());
        }
        if self.separator == Separator::Words && self.name.is_one_time() && value::is_code_of_digits(text) {
            return Some(range.start..range.start + text.len());
        }
        let is_open = value::is_harmless(text)
            || value::is_small_number(class, text)
            || self.name.is_counted() && value::is_number(text)
            || self.name.is_folder() && (text.starts_with('/') || text.get(1..3) == Some(":\\"))
            || !is_quoted && value::is_code(&self.text[range.clone()], name, after)
            || self.is_sentence(class, text, is_quoted)
            || self.separator == Separator::Words && !text.starts_with(|c: char| c.is_alphanumeric())
            || (key.is_random || self.separator == Separator::Words) && !value::is_random(text, self.least(class, key))
            || key.place == Place::Url
                && (value::is_number(text) && text.len() < 7 || self.name.is_code() && is_constant(text));
        (!is_open).then(|| range.start..range.start + text.len())
    }

    /// How long a value is at least of which only its look tells.
    fn least(&self, class: Class, key: &Key) -> usize {
        match (class, self.separator) {
            (Class::Password, _) => 6,
            (_, Separator::Words) if key.is_random => usize::MAX,
            (_, Separator::Words) => 16,
            _ => 8,
        }
    }

    /// Words where no word is a secret: behind `token:`, in a list of names, after `--password` in a help text.
    fn is_sentence(&self, class: Class, text: &str, is_quoted: bool) -> bool {
        let is_open = class != Class::Password || self.name.is_secret();
        match self.separator {
            _ if is_quoted && value::is_error(text) => true,
            Separator::Colon if !self.is_quoted => {
                value::is_word(text) && is_open || !is_quoted && (value::is_prose(text) || is_keyword(text))
            }
            Separator::Comma => value::is_word(text),
            Separator::Flag => value::is_prose(text) || text.starts_with('-'),
            _ => false,
        }
    }
}

/// `E_FAIL`, `ECONNREFUSED`, `not_found`: the `code` of an error.
fn is_constant(text: &str) -> bool {
    let is_made_of = |is: fn(&u8) -> bool| text.len() < 40 && text.bytes().all(|b| is(&b) || b == b'_' || b == b'-');
    is_made_of(u8::is_ascii_lowercase)
        || text.len() > 8 && is_made_of(u8::is_ascii_uppercase)
        || text.contains('_') && is_made_of(u8::is_ascii_uppercase)
}

/// `password: String;`, `token: Optional[str]`: a declaration.
fn is_keyword(text: &str) -> bool {
    let head = text.split(['[', '(', '<', '|']).next().unwrap_or_default();
    ["String", "Optional", "SecretStr", "String?", "Option", "any", "bytes", "char", "text", "varchar"].contains(&head)
}
