//! SQL in tokens: as much as it takes to find where a statement ends, which parameters it names, and what to colour.
//!
//! Lexical structure: <https://www.postgresql.org/docs/current/sql-syntax-lexical.html>, which DuckDB follows.

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Blank,
    Comment,
    /// A keyword or a name without quotes.
    Word,
    /// A name in double quotes.
    Quoted,
    /// A literal in single quotes or between dollar signs.
    Text,
    Number,
    /// `$name`, `$1` or `?`.
    Parameter,
    Semicolon,
    Other,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token<'a> {
    pub kind: Kind,
    pub text: &'a str,
    /// Where it begins, in bytes.
    pub start: usize,
    /// What should close it has not come: a quote, or the end of a block comment.
    pub is_open: bool,
}

impl Token<'_> {
    pub fn end(&self) -> usize {
        self.start + self.text.len()
    }

    /// Neither blank nor comment.
    pub fn says_something(&self) -> bool {
        !matches!(self.kind, Kind::Blank | Kind::Comment)
    }

    pub fn is_word(&self, word: &str) -> bool {
        self.kind == Kind::Word && self.text.eq_ignore_ascii_case(word)
    }
}

pub fn tokens(sql: &str) -> Vec<Token<'_>> {
    let mut list = Vec::new();
    let mut start = 0;
    while start < sql.len() {
        let (kind, len, is_open) = first(&sql[start..]);
        list.push(Token { kind, text: &sql[start..start + len], start, is_open });
        start += len;
    }
    list
}

/// Kind and length of the token that a text begins with, and whether it is still open.
fn first(rest: &str) -> (Kind, usize, bool) {
    let mut chars = rest.chars();
    let first = chars.next().unwrap_or(' ');
    let next = chars.next();
    match first {
        '-' if next == Some('-') => (Kind::Comment, rest.find('\n').unwrap_or(rest.len()), false),
        '/' if next == Some('*') => block_comment(rest),
        '\'' => closed(Kind::Text, quoted(rest, '\'', false), rest),
        'e' | 'E' if next == Some('\'') => closed(Kind::Text, quoted(&rest[1..], '\'', true).map(|len| len + 1), rest),
        '"' => closed(Kind::Quoted, quoted(rest, '"', false), rest),
        '$' => dollar(rest),
        '?' => (Kind::Parameter, 1, false),
        ';' => (Kind::Semicolon, 1, false),
        c if c.is_whitespace() => (Kind::Blank, run(rest, char::is_whitespace), false),
        c if c.is_ascii_digit() => (Kind::Number, run(rest, |c| c.is_alphanumeric() || matches!(c, '.' | '_')), false),
        c if is_name(c) => (Kind::Word, run(rest, is_name), false),
        c => (Kind::Other, c.len_utf8(), false),
    }
}

fn is_name(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn run(text: &str, is_in: impl Fn(char) -> bool) -> usize {
    text.find(|c| !is_in(c)).unwrap_or(text.len())
}

fn closed(kind: Kind, len: Option<usize>, rest: &str) -> (Kind, usize, bool) {
    (kind, len.unwrap_or(rest.len()), len.is_none())
}

/// The length of a text in quotes; a quote in it is doubled, or follows a backslash where that escapes.
fn quoted(text: &str, quote: char, escapes: bool) -> Option<usize> {
    let mut chars = text.char_indices().skip(1).peekable();
    while let Some((at, c)) = chars.next() {
        if c == '\\' && escapes {
            chars.next();
        } else if c == quote && chars.next_if(|(_, next)| *next == quote).is_none() {
            return Some(at + c.len_utf8());
        }
    }
    None
}

/// Block comments stand in one another.
fn block_comment(rest: &str) -> (Kind, usize, bool) {
    let (bytes, mut at, mut depth) = (rest.as_bytes(), 0, 0_usize);
    while at < bytes.len() {
        match bytes.get(at..at + 2) {
            Some(b"/*") => (depth, at) = (depth + 1, at + 2),
            Some(b"*/") => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
        if depth == 0 {
            return (Kind::Comment, at, false);
        }
    }
    (Kind::Comment, rest.len(), true)
}

/// `$name`, or a text between `$$` or `$tag$`.
fn dollar(rest: &str) -> (Kind, usize, bool) {
    let name = run(&rest[1..], is_name);
    let opening = 1 + name;
    let is_digit = rest[1..].starts_with(|c: char| c.is_ascii_digit());
    if rest[opening..].starts_with('$') && !is_digit {
        let mark = &rest[..=opening];
        let end = rest[mark.len()..].find(mark).map(|at| at + 2 * mark.len());
        return closed(Kind::Text, end, rest);
    }
    (if name == 0 { Kind::Other } else { Kind::Parameter }, opening, false)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(sql: &str) -> Vec<(Kind, &str)> {
        tokens(sql)
            .into_iter()
            .filter(|token| token.kind != Kind::Blank)
            .map(|token| (token.kind, token.text))
            .collect()
    }

    #[test]
    fn each_kind_is_told() {
        assert_eq!(
            told("select \"a;\", 'it''s;', $day, ?, 1_000.5 from t -- c;"),
            [
                (Kind::Word, "select"),
                (Kind::Quoted, "\"a;\""),
                (Kind::Other, ","),
                (Kind::Text, "'it''s;'"),
                (Kind::Other, ","),
                (Kind::Parameter, "$day"),
                (Kind::Other, ","),
                (Kind::Parameter, "?"),
                (Kind::Other, ","),
                (Kind::Number, "1_000.5"),
                (Kind::Word, "from"),
                (Kind::Word, "t"),
                (Kind::Comment, "-- c;"),
            ]
        );
        assert_eq!(told("$$ a ' b $$"), [(Kind::Text, "$$ a ' b $$")]);
        assert_eq!(told("$x$ a $$ $x$;"), [(Kind::Text, "$x$ a $$ $x$"), (Kind::Semicolon, ";")]);
        assert_eq!(told(r"e'a\'b'"), [(Kind::Text, r"e'a\'b'")]);
        assert_eq!(told("/* a /* b */ ; */ x"), [(Kind::Comment, "/* a /* b */ ; */"), (Kind::Word, "x")]);
        assert_eq!(told("größe ≥ 'ä'"), [(Kind::Word, "größe"), (Kind::Other, "≥"), (Kind::Text, "'ä'")]);
    }

    #[test]
    fn what_is_not_closed_is_open_and_no_byte_is_lost() {
        for sql in ["'a", "\"a", "$$ a", "/* a", "/* a /* b */", "$t$ x $$", "e'a\\'", "'ä''"] {
            let list = tokens(sql);
            assert!(list.last().unwrap().is_open, "{sql}");
            assert_eq!(list.iter().map(|token| token.text).collect::<String>(), sql);
        }
        assert!(tokens("'a' \"b\" /* c */ $$d$$ -- 'e").iter().all(|token| !token.is_open));
    }
}
