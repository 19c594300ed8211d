//! Heads that say nothing: a logger that was given a text that begins with a line break leaves its time, level and name
//! alone in the first entry, and what it was given in the next ones. Rails does so, with a tag before every line.

use crate::ingest::level;

/// No name of a logger and no tag is longer.
const LONGEST: usize = 80;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct EmptyHead<'t> {
    text: &'t str,
    /// `[id]`: the tags at its end, which may stand before each line below.
    tags: &'t str,
    is_low: bool,
}

impl<'t> EmptyHead<'t> {
    pub(super) fn of(text: &'t str) -> Option<Self> {
        let text = text.trim();
        let (level, tags) =
            Some(text).filter(|text| may_be(text)).and_then(|text| Some((declared(text)?, tags(text))))?;
        Some(Self { text, tags, is_low: matches!(level, "DEBUG" | "INFO" | "NOTICE") })
    }

    /// What a line below says, without the head or the tags that it repeats.
    pub(super) fn said<'l>(&self, line: &'l str) -> &'l str {
        let line = line.trim();
        let repeated = |start: &str| line.strip_prefix(start).filter(|_| !start.is_empty());
        repeated(self.text).or_else(|| repeated(self.tags)).unwrap_or(line).trim_start()
    }

    /// Whether the head was written for this line, too: it has none of its own, or the very same.
    pub(super) fn is_said_in(&self, line: &str, is_indented: bool) -> bool {
        let said = self.said(line);
        let is_repeated = line.trim().starts_with(self.text);
        let is_begun = level::begins_statement(said, is_indented) || self.is_low && level::read(said, false).is_some();
        is_repeated || !is_begun
    }
}

fn declared(text: &str) -> Option<&'static str> {
    level::declared(text).map(|(level, _)| level)
}

/// The brackets at the end: `[id]` of `FATAL -- : [id]`.
fn tags(text: &str) -> &str {
    let mut start = text.len();
    while let Some(open) = bracket(text[..start].trim_end()).filter(|open| !holds_level(text[*open..start].trim_end()))
    {
        start = open;
    }
    text[start..].trim()
}

/// Whether the last word but a logger's name, tags and signs is a level; also told of a shape, where values are masked.
pub(super) fn may_be(text: &str) -> bool {
    let mut rest = text.trim_end();
    let (mut has_sign, mut has_name) = (false, false);
    loop {
        let bare = rest.trim_end_matches(|c: char| c.is_whitespace() || "-:|–—".contains(c));
        has_sign |= bare.len() < rest.trim_end().len();
        rest = bare;
        if let Some(open) = bracket(rest) {
            if holds_level(&rest[open..]) {
                return true;
            }
            rest = &rest[..open];
            continue;
        }
        let start = rest.rfind(char::is_whitespace).map_or(0, |blank| blank + 1);
        let word = &rest[start..];
        if word.is_empty() || word.len() > LONGEST {
            return false;
        }
        // `ERROR:root:`, as Python writes it by default
        if is_level(word)
            || has_sign && word.split_once(':').is_some_and(|(level, name)| is_level(level) && is_name(name))
        {
            return true;
        }
        let is_value = word == "<*>" || word.bytes().all(|byte| byte.is_ascii_digit());
        if !is_value && (has_name || !has_sign || !is_name(word)) {
            return false;
        }
        has_name |= !is_value;
        rest = &rest[..start];
    }
}

/// What reads like a logger's name; `Failed:` is a heading.
fn is_name(word: &str) -> bool {
    let is_sentence = word.starts_with(|c: char| c.is_uppercase()) && word.chars().skip(1).all(char::is_lowercase);
    !is_sentence && word.chars().all(|c| c.is_ascii_alphanumeric() || "._-$/#:[]@".contains(c))
}

fn is_level(word: &str) -> bool {
    let word = word.trim_matches(|c: char| !c.is_ascii_alphanumeric());
    level::words::full(word).is_some() && word.len() > 2
}

fn holds_level(bracket: &str) -> bool {
    bracket.split(|c: char| !c.is_ascii_alphabetic()).any(is_level)
}

/// Where the bracket that ends the text opens.
fn bracket(text: &str) -> Option<usize> {
    let open = text.ends_with(']').then(|| text.rfind('['))??;
    (text.len() - open <= LONGEST).then_some(open)
}
