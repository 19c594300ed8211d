//! The names under which secrets stand: `keys.txt`, one a line.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};

use super::Class;

/// Where a key counts as one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    Any,
    Url,
    Header,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    Whole,
    Words,
    Letters,
}

/// A line of `keys.txt`.
#[derive(Debug)]
pub(super) struct Key {
    /// None for what is no key of a secret.
    pub class: Option<Class>,
    pub place: Place,
    /// Whether only what looks made by a machine is hidden.
    pub is_random: bool,
    end: End,
    /// The words with `_` between them, and with nothing.
    parted: String,
    joined: String,
}

impl Key {
    fn parse(line: &str) -> Option<Key> {
        let mut columns = line.split_whitespace();
        let (class, place, value, pattern) = (columns.next()?, columns.next()?, columns.next()?, columns.next()?);
        let letters = pattern.strip_prefix('*').map(|word| (End::Letters, word));
        let words = || pattern.strip_prefix('_').map(|word| (End::Words, word));
        let (end, parted) = letters.or_else(words).unwrap_or((End::Whole, pattern));
        let place = match place {
            "url" => Place::Url,
            "header" => Place::Header,
            _ => Place::Any,
        };
        let joined = parted.replace('_', "");
        Some(Key {
            class: Class::parse(class),
            place,
            is_random: value == "random",
            end,
            parted: parted.to_owned(),
            joined,
        })
    }

    fn is_in(&self, name: &Name) -> bool {
        match self.end {
            End::Whole => name.parted == self.parted || name.joined == self.joined,
            End::Words => name.parted.strip_suffix(&self.parted).is_some_and(|rest| rest.ends_with('_')),
            End::Letters => name.joined.ends_with(&self.joined),
        }
    }

    /// What a text holds wherever it holds this key.
    fn stem(&self) -> &str {
        match self.parted.ends_with("key") {
            true => "key",
            false => self.parted.split('_').max_by_key(|word| word.len()).unwrap_or_default(),
        }
    }
}

static KEYS: LazyLock<Vec<Key>> = LazyLock::new(|| lines(include_str!("keys.txt")).filter_map(Key::parse).collect());

/// Finds the words of which keys are made.
#[expect(clippy::expect_used, reason = "the words are a part of the program")]
pub(super) static STEMS: LazyLock<AhoCorasick> = LazyLock::new(|| {
    let mut stems: Vec<&str> = KEYS.iter().map(Key::stem).collect();
    stems.sort_unstable();
    stems.dedup();
    AhoCorasick::builder()
        .ascii_case_insensitive(true)
        .match_kind(MatchKind::LeftmostLongest)
        .kind(Some(AhoCorasickKind::DFA))
        .build(stems)
        .expect("a few words")
});

/// The lines of a table that are neither empty nor comments.
pub(super) fn lines(table: &'static str) -> impl Iterator<Item = &'static str> {
    table.lines().filter(|line| !line.is_empty() && !line.starts_with('#'))
}

/// A key as it stands in a text, in small letters: `X-Api-Key`, `apiKey` and `API_KEY` alike.
pub(super) struct Name {
    parted: String,
    joined: String,
}

impl Name {
    pub(super) fn of(text: &str) -> Name {
        let mut parted = String::with_capacity(text.len() + 4);
        let mut before = ' ';
        let mut rest = text.chars().peekable();
        while let Some(c) = rest.next() {
            let is_hump = before.is_lowercase() || before.is_ascii_digit();
            let ends_capitals = before.is_uppercase() && rest.peek().is_some_and(|next| next.is_lowercase());
            let is_joint = !c.is_alphanumeric() || c.is_uppercase() && (is_hump || ends_capitals);
            if is_joint && !parted.is_empty() && !parted.ends_with('_') {
                parted.push('_');
            }
            if c.is_alphanumeric() {
                parted.extend(c.to_lowercase());
            }
            before = c;
        }
        let parted = parted.trim_end_matches('_').to_owned();
        let joined = parted.replace('_', "");
        Name { parted, joined }
    }

    /// The lines that fit, the first one first.
    pub(super) fn keys(&self) -> impl Iterator<Item = &'static Key> {
        KEYS.iter().filter(|key| key.is_in(self))
    }

    /// `max_token`, `wrong_password`: a number under it is a count or a limit.
    pub(super) fn is_counted(&self) -> bool {
        const COUNTED: [&str; 20] = [
            "max",
            "min",
            "num",
            "number",
            "total",
            "count",
            "wrong",
            "failed",
            "bad",
            "invalid",
            "used",
            "remaining",
            "input",
            "output",
            "prompt",
            "completion",
            "expired",
            "missing",
            "limit",
            "per",
        ];
        let first = self.parted.split('_').next().unwrap_or_default();
        COUNTED.contains(&first) && self.parted.contains('_')
    }

    /// `PWD=/srv/app`: a folder, not a password.
    pub(super) fn is_folder(&self) -> bool {
        self.joined == "pwd" || self.joined == "oldpwd"
    }

    /// `OTP`, `verification code`.
    pub(super) fn is_one_time(&self) -> bool {
        ["otp", "code", "pin"].iter().any(|end| self.joined.ends_with(end))
    }

    pub(super) fn is_code(&self) -> bool {
        self.joined == "code"
    }

    pub(super) fn is_secret(&self) -> bool {
        self.joined == "secret"
    }
}

/// The key of a secret in a document, where what stands under it is a value of its own.
pub(super) fn of_document(name: &str) -> Option<&'static Key> {
    STEMS.find(name)?;
    let name = Name::of(name);
    let mut keys = name.keys();
    keys.find(|key| key.place != Place::Url).filter(|key| key.class.is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_read() {
        assert_eq!(KEYS.len(), lines(include_str!("keys.txt")).count());
        for line in lines(include_str!("keys.txt")) {
            assert!(line.starts_with("none ") || Key::parse(line).unwrap().class.is_some(), "{line}");
        }
    }

    #[test]
    fn spellings() {
        for name in ["apiKey", "X-Api-Key", "API_KEY", "APIKey", "apikey", "my.api.key", "HTTP_X_API_KEY", "api key"] {
            assert_eq!(of_document(name).and_then(|key| key.class), Some(Class::Key), "{name}");
        }
        for name in ["token_count", "tokens", "password_reset", "bypass", "compass", "key", "monkey", "pageToken", ""] {
            assert!(of_document(name).is_none(), "{name}");
        }
    }
}
