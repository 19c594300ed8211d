//! Steps through a head: blanks, colours, and the signs between its parts.

use crate::mine::escape_length;

pub(super) struct Scan<'a> {
    text: &'a str,
    pub at: usize,
}

/// What stands behind a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum After {
    End,
    Colon,
    Bang,
    Slash,
    Bar,
    Dash,
    Bracket,
    /// `[0012]` with nothing between.
    Counter,
    /// A tab or several blanks.
    Columns,
    Blank,
    /// The word goes on.
    Inside,
}

impl After {
    pub(super) fn of(behind: &str) -> Self {
        let mut rest = behind;
        let mut gap = 0;
        loop {
            let length = colour_length(rest);
            if length > 0 {
                rest = &rest[length..];
            } else if rest.starts_with([' ', '\t']) {
                gap += if rest.starts_with('\t') { 2 } else { 1 };
                rest = &rest[1..];
            } else {
                break;
            }
        }
        let digits = rest.strip_prefix('[').and_then(|inside| inside.split_once(']')).map(|(inside, _)| inside);
        let is_counter =
            digits.is_some_and(|inside| inside.len() == 4 && inside.bytes().all(|byte| byte.is_ascii_digit()));
        match rest.chars().next() {
            None | Some('\n' | '\r') => Self::End,
            Some(':') if !rest.starts_with("::") => Self::Colon,
            Some('!') if gap == 0 => Self::Bang,
            Some('/') if gap == 0 => Self::Slash,
            Some('|' | '│') => Self::Bar,
            Some('[') if gap == 0 && is_counter => Self::Counter,
            Some('[' | '(') => Self::Bracket,
            Some('-' | '–' | '—') if gap > 0 && is_dash(rest) => Self::Dash,
            Some(c) if gap > 0 && is_mark(c) && is_dash(rest.trim_start_matches(is_mark)) => Self::Dash,
            Some(_) if gap > 1 => Self::Columns,
            Some(_) if gap == 1 || behind.len() > rest.len() => Self::Blank,
            Some(_) => Self::Inside,
        }
    }
}

/// Signs that some writers set around a level.
fn is_mark(c: char) -> bool {
    matches!(c, '*' | '>' | '»' | '•' | '►' | '→' | '#' | '!' | '=' | '~')
}

fn is_dash(rest: &str) -> bool {
    let behind = rest.trim_start_matches(['-', '–', '—']);
    behind.is_empty() || behind.starts_with([' ', '\t', '\n', ':']) || colour_length(behind) > 0
}

/// A colour code, also one that lost its escape on the way: `[31m`.
fn colour_length(rest: &str) -> usize {
    let length = escape_length(rest.as_bytes());
    if length > 0 {
        return length;
    }
    let Some(inside) = rest.strip_prefix('[') else { return 0 };
    let digits = inside.bytes().take_while(|byte| byte.is_ascii_digit() || *byte == b';').count();
    if digits > 0 && inside[digits..].starts_with('m') { digits + 2 } else { 0 }
}

/// Without the colour codes at the start.
pub(super) fn uncoloured(rest: &str) -> &str {
    let mut rest = rest;
    loop {
        match colour_length(rest) {
            0 => return rest,
            length => rest = &rest[length..],
        }
    }
}

impl<'a> Scan<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    pub(super) fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    /// Over blanks and colours, not over the line's end.
    pub(super) fn blank(&mut self) {
        self.skip(&[' ', '\t', '\u{feff}']);
    }

    /// Over line breaks, too.
    pub(super) fn blank_lines(&mut self) {
        self.skip(&[' ', '\t', '\n', '\r', '\u{feff}']);
    }

    fn skip(&mut self, blanks: &[char]) {
        loop {
            let rest = self.rest();
            let length = colour_length(rest);
            let blank = rest.len() - rest.trim_start_matches(blanks).len();
            if length + blank == 0 {
                break;
            }
            self.at += if length > 0 { length } else { blank };
        }
    }

    /// Over `***` and the like.
    pub(super) fn decoration(&mut self) {
        let rest = self.rest();
        let behind = rest.trim_start_matches(is_mark);
        if behind.len() < rest.len() && behind.starts_with(' ') {
            self.at += rest.len() - behind.len();
        }
    }

    /// Over the signs between two parts; tells whether a bar or a dash was among them, and where they end.
    pub(super) fn signs(&mut self, has_bar: &mut bool) -> usize {
        *has_bar = false;
        loop {
            self.blank();
            let rest = self.rest();
            match rest.chars().next() {
                Some('|' | '│') => *has_bar = true,
                Some(':' | ',') => {}
                Some(c) if is_mark(c) && is_dash(rest.trim_start_matches(is_mark)) => {}
                Some('-' | '–' | '—') if is_dash(rest) => *has_bar = true,
                _ => break,
            }
            self.at += rest.chars().next().map_or(0, char::len_utf8);
        }
        self.at
    }
}
