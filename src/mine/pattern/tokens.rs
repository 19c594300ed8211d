//! Cuts the text of a shape into the tokens that stage 2 compares: words, separators and variables.
//!
//! A token carries its text with the blanks before it, for display, and a symbol for comparison. Symbols ignore what
//! should not tell two shapes apart: the length of dotted leaders, a unit tied to a variable. That of a separator tells
//! whether a blank follows, because `host:<*>` and `lost: <*>` are different things.

use rustc_hash::FxHashMap;

use crate::mine::{
    VARIABLE,
    shape::piece::{BLANK, LETTER, Piece, SEPARATOR, is},
};

/// Interned text of a token, see `Symbols`.
pub(super) type Symbol = u32;

/// The symbol of every variable.
pub(super) const STAR: Symbol = 0;

#[derive(Clone, Copy, Debug)]
pub(super) struct Token<'a> {
    pub symbol: Symbol,
    /// As written, with the blanks before it.
    pub text: &'a str,
}

/// Names of symbols; which number a name gets depends on the order of asking, so numbers never decide anything.
#[derive(Debug)]
pub(super) struct Symbols<'a> {
    numbers: FxHashMap<&'a str, Symbol>,
    names: Vec<&'a str>,
    separators: Vec<bool>,
}

impl<'a> Symbols<'a> {
    pub(super) fn new() -> Self {
        Self { numbers: FxHashMap::default(), names: vec![VARIABLE], separators: vec![false] }
    }

    fn intern(&mut self, name: &'a str, is_separator: bool) -> Symbol {
        *self.numbers.entry(name).or_insert_with(|| {
            self.names.push(name);
            self.separators.push(is_separator);
            (self.names.len() - 1) as Symbol
        })
    }

    pub(super) fn name(&self, symbol: Symbol) -> &'a str {
        self.names.get(symbol as usize).copied().unwrap_or_default()
    }

    pub(super) fn is_separator(&self, symbol: Symbol) -> bool {
        self.separators.get(symbol as usize).copied().unwrap_or_default()
    }

    pub(super) fn names(&self) -> &[&'a str] {
        &self.names
    }

    /// Appends the tokens of a shape's text.
    pub(super) fn cut(&mut self, text: &'a str, tokens: &mut Vec<Token<'a>>) {
        let bytes = text.as_bytes();
        let (mut at, mut written_from) = (0, 0);
        while at < bytes.len() {
            if is(bytes[at], BLANK) {
                at += 1;
                continue;
            }
            let (end, symbol) = self.token(text, at);
            let empty = self.empty_value(text, at, end, symbol);
            match empty {
                None => tokens.push(Token { symbol, text: &text[written_from..end] }),
                Some((before, after)) => {
                    tokens.push(Token { symbol: before, text: &text[written_from..at + 1] });
                    tokens.push(Token { symbol: STAR, text: "" });
                    tokens.extend(after.map(|symbol| Token { symbol, text: &text[at + 1..end] }));
                }
            }
            at = end;
            written_from = end;
        }
    }

    /// `ruser= rhost=<*>` and `''` hold a value too, an empty one: the symbols before it and behind it.
    fn empty_value(
        &mut self,
        text: &'a str,
        start: usize,
        end: usize,
        symbol: Symbol,
    ) -> Option<(Symbol, Option<Symbol>)> {
        if !self.is_separator(symbol) {
            return None;
        }
        let follows_word = start > 0 && !is(text.as_bytes()[start - 1], BLANK | SEPARATOR);
        let ends = text.as_bytes().get(end).is_none_or(|&next| is(next, BLANK));
        match &text[start..end] {
            "=" if follows_word && ends => Some((self.intern("=", true), None)),
            pair @ ("''" | "\"\"" | "[]") => {
                let blank = usize::from(text.as_bytes().get(end).is_some_and(|&next| is(next, BLANK)));
                let closing = self.intern(&text[start + 1..end + blank], true);
                Some((self.intern(&pair[..1], true), Some(closing)))
            }
            _ => None,
        }
    }

    fn token(&mut self, text: &'a str, start: usize) -> (usize, Symbol) {
        let bytes = text.as_bytes();
        if text[start..].starts_with(VARIABLE) {
            let end = start + VARIABLE.len();
            let unit = bytes[end..].iter().take_while(|&&byte| is(byte, LETTER)).count();
            return (end + unit, STAR);
        }
        let length = separator_length(text, start);
        if length > 0 {
            let blank = usize::from(bytes.get(start + length).is_some_and(|&next| is(next, BLANK)));
            let separator = &text[start..start + length];
            let is_leader = length > 1 && separator.bytes().all(|byte| byte == b'.');
            let name = if is_leader { ".." } else { &text[start..start + length + blank] };
            if let Some(rest) = name.strip_prefix(')').filter(|rest| !rest.trim().is_empty()) {
                self.intern(rest, true);
            }
            return (start + length, self.intern(name, true));
        }
        let end = Piece::read(bytes, start).end.max(start + 1);
        let end = text[start..end].find(VARIABLE).map_or(end, |at| start + at.max(1));
        (end, self.intern(&text[start..end], false))
    }
}

/// Length of the run of separators here. Blanks end it, and so does a variable, which begins with a separator itself.
fn separator_length(text: &str, start: usize) -> usize {
    let bytes = text.as_bytes();
    let mut at = start;
    while at < bytes.len() && !text[at..].starts_with(VARIABLE) {
        let is_mark = is(bytes[at], SEPARATOR) || matches!(bytes[at], b'.' | b'%') && ends_word(bytes, at);
        if !is_mark {
            break;
        }
        at += 1;
    }
    at - start
}

/// Whether the full stop or percent sign here belongs to the sentence, not to a word such as `.gitignore`.
fn ends_word(bytes: &[u8], at: usize) -> bool {
    bytes.get(at + 1).is_none_or(|&next| is(next, BLANK | SEPARATOR) || matches!(next, b'.' | b'%'))
        || at > 0 && matches!(bytes[at - 1], b'>' | b'.')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_hold_the_whole_text() {
        for text in ["a: <*>s, (b) c.", "é <*>.<*> [x]....<*>", "<*", "core.<*> done", "x<*>"] {
            let mut tokens = Vec::new();
            Symbols::new().cut(text, &mut tokens);
            assert_eq!(tokens.iter().map(|token| token.text).collect::<String>(), text);
        }
        let mut symbols = Symbols::new();
        let mut tokens = Vec::new();
        symbols.cut("took <*>ms (slow)", &mut tokens);
        let names: Vec<_> = tokens.iter().map(|token| symbols.name(token.symbol)).collect();
        assert_eq!(names, ["took", "<*>", "(", "slow", ")"]);
    }
}
