//! The text of a shape while it is written: words as they come, values as `<*>`, and neighbouring values as one.

use super::{
    piece::{BLANK, LETTER, SEPARATOR, is},
    words,
};
use crate::mine::VARIABLE;

/// Blanks and commas between two words of a date.
const LONGEST_GAP: usize = 2;

/// Letters of `Wednesday` and `September`.
const LONGEST_WORD: usize = 9;

pub(crate) struct Masked<'s> {
    pub text: &'s mut String,
    /// Where the last value ends.
    value_end: Option<usize>,
}

impl<'s> Masked<'s> {
    pub(crate) fn new(text: &'s mut String) -> Self {
        text.clear();
        Self { text, value_end: None }
    }

    pub(crate) fn ends_in_value(&self) -> bool {
        self.value_end == Some(self.text.len())
    }

    /// Appends a variable, or lets the one before it grow.
    pub(crate) fn push_value(&mut self) {
        if let Some(end) = self.value_end
            && self.text.get(end..).is_some_and(joins_values)
        {
            self.text.truncate(end);
            return;
        }
        self.text.push_str(VARIABLE);
        self.value_end = Some(self.text.len());
    }

    /// Takes back words of a date before a number: `Tue, Sep 16` is all value.
    pub(crate) fn drop_time_words(&mut self) {
        while let Some(start) = self.time_word_start() {
            self.text.truncate(start);
        }
    }

    fn time_word_start(&self) -> Option<usize> {
        let written_from = self.value_end.unwrap_or(0);
        let written = &self.text.as_bytes()[written_from..];
        if !matches!(written.last(), Some(b' ' | b',' | b'-')) {
            return None;
        }
        let gap = written.iter().rev().take_while(|byte| matches!(byte, b' ' | b',' | b'-')).count();
        if !(1..=LONGEST_GAP).contains(&gap) {
            return None;
        }
        let head = &written[..written.len() - gap];
        let letters = head.iter().rev().take(LONGEST_WORD + 1).take_while(|&&byte| is(byte, LETTER)).count();
        let start = head.len() - letters;
        let is_capital = head.get(start).is_some_and(u8::is_ascii_uppercase);
        if !is_capital || letters > LONGEST_WORD || start > 0 && !is(head[start - 1], BLANK | SEPARATOR) {
            return None;
        }
        words::is_time_word(&self.text[written_from + start..written_from + head.len()]).then_some(written_from + start)
    }
}

/// Separators that two values may have between them and still be one: `10:15`, `3, 4`, `1.2.3.4:80`.
pub(crate) fn joins_values(between: &str) -> bool {
    matches!(between, "" | " " | ":" | "," | ", " | ";" | "-" | "/" | "." | "=" | "::" | "+" | "_" | "|")
}
