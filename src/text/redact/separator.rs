//! What stands between a key and its value.

use std::{ops::Range, sync::LazyLock};

use regex::Regex;

use super::{regex, spelling};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Separator {
    Equals,
    Colon,
    /// `<password>` and `</password>`.
    Tag,
    /// `('password', 'x')`.
    Comma,
    /// `--password x`.
    Flag,
    /// A part of a form: the value is the next line but one.
    Line,
    /// Words: `password is x`.
    Words,
}

/// `"value":` behind `"name": "DB_PASSWORD",`.
static VALUE_OF_PAIR: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r#"^(?:\s|\\+[nr]){0,40}[,;]?(?:\s|\\+[nr]){0,40}(?:\\?["'])?(?:[Vv]alue|val|string_value|stringValue)(?:\\?["'])?\s{0,8}[:=]"#,
    )
});
/// `</name><value>` behind `<name>password`.
static ELEMENT_OF_PAIR: LazyLock<Regex> =
    LazyLock::new(|| regex(r"^</[A-Za-z:]{1,30}>\s{0,40}<(?:[A-Za-z]{1,20}:)?[A-Za-z]{0,20}[Vv]alue>"));
/// `name: password` in a form with parts, before its value.
static BLANK_LINE: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"^(?:\r?\n|\\+r\\+n|\\+n)(?:Content-[A-Za-z-]{1,30}:[^\r\n\\]{0,100}(?:\r?\n|\\+r\\+n|\\+n)){0,3}(?:\r?\n|\\+r\\+n|\\+n)",
    )
});
/// `password: &str = ` before a text.
static TYPE: LazyLock<Regex> = LazyLock::new(|| regex(r#"^ ?&?(?:'static )?[A-Za-z:<>\[\]?]{1,30} = ?(b?\\*["'`])"#));
static WORDS: LazyLock<Regex> = LazyLock::new(|| {
    regex(r#"^(?:(?: is| was| are| of| set to| changed to| value| header)?:?(?:[ \t|]|\\t)+\(?|\()(?:\\?["'`])?"#)
});

/// The separator behind a key, and where the value begins.
pub(super) fn read(text: &str, name: &Range<usize>, at: usize, is_quoted: bool) -> Option<(Separator, usize)> {
    let before = &text[..name.start];
    let blank = spelling::skip_blank(text, at) - at;
    let behind = &text[at + blank..];
    if is_name_of_pair(before)
        && let Some(found) = VALUE_OF_PAIR.find(&text[at..])
    {
        return Some((Separator::Equals, spelling::skip_blank(text, at + found.end())));
    }
    if before.ends_with('>')
        && let Some(found) = ELEMENT_OF_PAIR.find(&text[at..])
    {
        return Some((Separator::Tag, at + found.end()));
    }
    if is_quoted
        && before.trim_end_matches(['"', '\'', '\\']).ends_with("name=")
        && let Some(found) = BLANK_LINE.find(&text[at..])
    {
        return Some((Separator::Line, at + found.end()));
    }
    let dots = behind.bytes().take_while(|&b| b == b'.').count();
    if dots > 1 {
        return Some((Separator::Equals, at + blank + dots));
    }
    let signs = [
        ("=>", Separator::Equals),
        (":=", Separator::Equals),
        ("->", Separator::Equals),
        ("=", Separator::Equals),
        ("%3D", Separator::Equals),
        ("%3d", Separator::Equals),
        (":", Separator::Colon),
        ("%3A", Separator::Colon),
        ("%3a", Separator::Colon),
    ];
    if let Some((sign, separator)) = signs.iter().find(|(sign, _)| behind.starts_with(sign)) {
        let mut at = at + blank + sign.len();
        at += text[at..].bytes().take_while(|&b| b == b'=').count();
        if let Some(declared) = TYPE.captures(&text[at..]).filter(|_| *separator == Separator::Colon)
            && let Some(quote) = declared.get(1)
        {
            return Some((Separator::Equals, at + quote.start()));
        }
        return Some((*separator, spelling::skip_blank(text, at)));
    }
    if let Some(at) = behind_tag(text, before, at, is_quoted) {
        return Some((Separator::Tag, at));
    }
    if behind.starts_with(',') && is_quoted {
        let separator = if before.ends_with("--") { Separator::Flag } else { Separator::Comma };
        return Some((separator, spelling::skip_blank(text, at + blank + 1)));
    }
    if blank > 0 && (before.ends_with("--") || before.ends_with(" -")) {
        return Some((Separator::Flag, at + blank));
    }
    // a quoted name is spoken of, its value is not told
    let found = WORDS.find(&text[at..]).filter(|_| !is_quoted)?;
    Some((Separator::Words, at + found.end()))
}

/// Where the content of an element begins, behind `<password>`, `<ns:password type="x">` or `<entry key="password">`.
fn behind_tag(text: &str, before: &str, at: usize, is_quoted: bool) -> Option<usize> {
    let is_name = |c: char| c.is_alphanumeric() || matches!(c, ':' | '-' | '_');
    let before = &before[before.floor_char_boundary(before.len().saturating_sub(64))..];
    let space = before.trim_end_matches(|c: char| is_name(c) && c.is_ascii());
    let (_, close) = spelling::TAGS
        .iter()
        .find(|(open, _)| is_quoted || [before, space].iter().any(|before| before.ends_with(open)))?;
    let attributes = &text[at..text.floor_char_boundary(at + 200)];
    let end = attributes.find(close)?;
    let is_tag = attributes[..end].trim_start_matches('\\').is_empty()
        || !is_quoted && attributes.starts_with(' ') && !attributes[..end].contains('<');
    is_tag.then_some(at + end + close.len())
}

fn is_name_of_pair(before: &str) -> bool {
    let tail = &before[before.floor_char_boundary(before.len().saturating_sub(16))..];
    let word = tail.trim_end_matches(['"', '\'', ' ', ':', '=', '\\']);
    word.len() < tail.len() && ["name", "Name", "key", "Key", "field"].iter().any(|name| word.ends_with(name))
}
