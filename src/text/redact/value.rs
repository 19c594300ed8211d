//! Whether what stands where a secret is expected is one.

use std::{collections::HashSet, sync::LazyLock};

use super::{Class, keys};

/// Longer values are hidden whatever they look like, so that none is looked at twice.
pub(super) const LONGEST_OPEN: usize = 4096;

static WORDS: LazyLock<[HashSet<&str>; 3]> = LazyLock::new(|| {
    ["state ", "prose ", "error "].map(|kind| {
        let lines = keys::lines(include_str!("words.txt")).filter_map(|line| line.strip_prefix(kind));
        lines.flat_map(str::split_whitespace).collect()
    })
});

/// What stands for a value in a template.
const VARIABLE: &str = "<*>";

/// Words longer than this are in no list.
const LONGEST: usize = 24;

fn is_listed(list: usize, word: &str) -> bool {
    word.len() <= LONGEST && WORDS[list].contains(word.to_ascii_lowercase().as_str())
}

/// True for a state, a mask, a variable, the name of a stored secret, and for what is redacted already.
pub(super) fn is_harmless(value: &str) -> bool {
    let bare = value.trim_matches(|c: char| c.is_ascii_punctuation() && c != '*');
    let is_mask = |c: char| matches!(c, '*' | 'x' | 'X' | '.' | '•' | '#' | '-' | '_');
    let starts = |word: &str| bare.get(..word.len()).is_some_and(|head| head.eq_ignore_ascii_case(word));
    bare.is_empty()
        || is_listed(0, bare)
        || starts("redacted")
        || value.chars().all(is_mask)
        || value.starts_with("***")
        || value.ends_with("***")
        || is_stand_in(value)
        || is_placeholder(value)
        || value.starts_with('%') && value.len() < 4
        || value.starts_with("projects/")
        || value.contains(VARIABLE) && !value.replace(VARIABLE, "").contains(char::is_alphanumeric)
}

/// `${DB_PASSWORD}`, `$TOKEN`, `{password}`, `{{ token }}`, `<your token>`, `%(password)s`, `%PASSWORD%`.
fn is_placeholder(value: &str) -> bool {
    let is_name = |c: char| c.is_ascii_alphabetic() || matches!(c, '_' | ' ' | '.' | '-' | ':' | '$' | '{' | '}');
    let variable = value.strip_prefix('$').unwrap_or_default();
    let is_variable = !variable.is_empty() && variable.bytes().all(|b| b.is_ascii_uppercase() || b == b'_');
    is_variable
        || value.starts_with("${")
        || value.starts_with("{{") && value.ends_with("}}")
        || value.starts_with("%(")
        || value.len() <= 64
            && [('{', '}'), ('<', '>'), ('%', '%')].iter().any(|(open, close)| {
                let inner = value.strip_prefix(*open).and_then(|rest| rest.strip_suffix(*close));
                inner.is_some_and(|inner| inner.chars().all(is_name))
            })
}

/// Whether a text begins with a stand-in.
pub(super) fn is_stand_in(text: &str) -> bool {
    let Some(rest) = text.strip_prefix('<') else { return false };
    Class::ALL.iter().any(|class| {
        let digits = rest.strip_prefix(class.as_str()).and_then(|rest| rest.strip_prefix(':')).map(str::as_bytes);
        digits.is_some_and(|d| d.len() > 6 && d[6] == b'>' && d[..6].iter().all(u8::is_ascii_hexdigit))
    })
}

/// Source lines in a traceback: `token=get_token(`, `password=settings.password`, `secret=secret`. A name joined by `_`
/// alone, `super_secret`, is one only as an argument.
pub(super) fn is_code(value: &str, key: &str, after: &str) -> bool {
    let (head, is_call) = value.split_once(['(', '[']).map_or((value, false), |(head, _)| (head, true));
    let is_argument = value.ends_with([')', ':']) || after.starts_with([',', ')']);
    let head = head.trim_end_matches([')', ']', '}', ':']);
    let is_name =
        !head.is_empty() && head.len() < 100 && head.chars().all(|c| c.is_ascii_alphabetic() || "_.".contains(c));
    let is_small = |text: &str| !text.chars().any(|c| c.is_ascii_uppercase());
    let is_dotted = head.contains('.') && !head.starts_with('.');
    let is_joined = head.contains('_') && is_argument && is_small(head) && is_small(key);
    is_name && (is_call || is_same(head, key) || (is_dotted || is_joined) && ends_as_key(head))
}

/// `self.secret = secret`.
fn is_same(value: &str, key: &str) -> bool {
    value.eq_ignore_ascii_case(key.rsplit('.').next().unwrap_or(key))
}

fn ends_as_key(name: &str) -> bool {
    keys::of_document(name).is_some()
}

/// Token 17 of a text, not a token.
pub(super) fn is_small_number(class: Class, value: &str) -> bool {
    class == Class::Token && value.len() < 6 && value.bytes().all(|b| b.is_ascii_digit())
}

pub(super) fn is_number(value: &str) -> bool {
    value.len() < 12 && value.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'_'))
}

/// Letters alone, few enough for a word; a long one has no capitals within.
pub(super) fn is_word(value: &str) -> bool {
    let has_capitals = || value.chars().skip(1).any(char::is_uppercase) && value.chars().any(char::is_lowercase);
    value.len() < 20 && value.chars().all(char::is_alphabetic) && (value.len() < 14 || !has_capitals())
}

/// `482913`, as it is sent to a telephone.
pub(super) fn is_code_of_digits(value: &str) -> bool {
    (4..=8).contains(&value.len()) && value.bytes().all(|b| b.is_ascii_digit())
}

/// `can't be blank`: what a form says of a field.
pub(super) fn is_error(value: &str) -> bool {
    value.split_once(' ').is_some_and(|(first, _)| is_listed(2, first))
}

/// `Wrong password: must be longer`. Another word behind a password is taken for the password.
pub(super) fn is_prose(value: &str) -> bool {
    is_listed(1, value.trim_end_matches([',', '.', ':', '!', '?', ')']))
}

/// Made by a machine, or chosen as a password is: letters and digits.
pub(super) fn is_random(value: &str, least: usize) -> bool {
    if value.len() < least || value.len() > 10_000 || !value.bytes().all(|b| b.is_ascii_graphic()) {
        return false;
    }
    let count = |is: fn(&u8) -> bool| value.as_bytes().iter().filter(|b| is(b)).count();
    let (digits, letters) = (count(u8::is_ascii_digit), count(u8::is_ascii_alphabetic));
    let kinds = value.bytes().collect::<HashSet<u8>>().len();
    kinds > 4 && digits > 0 && letters > 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn random_or_not() {
        for value in ["hunter2", "3k2j1h4g5f6d", "s%3AqwEr1"] {
            assert!(is_random(value, 6), "{value}");
        }
        for value in ["swordfish", "12345678", "a1", "aaaaaaaa1", "AbstractFactoryOfFactories", "two words 2"] {
            assert!(!is_random(value, 6), "{value}");
        }
    }
}
