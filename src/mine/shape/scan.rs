//! Stage 1: one pass over the bytes of a message, without regexes, that copies its words and masks its values.
//!
//! Text is copied in runs: `pending` marks where the literal not yet written begins, and a value flushes it. Cuts are
//! only made at ASCII bytes, so every slice is valid UTF-8.

use super::{
    keys::{follows_json_key, key_before, stands_at_arrow},
    lists::{list_end, quoted_end},
    masked::Masked,
    piece::{BLANK, CLASS, HEX, LETTER, LONG_WORD, Piece, SEPARATOR, Verdict, has_hex_run, is, is_identifier, letters},
    value_ends::{assigned_end, colon_value_end, holds_address, nothing_length, path_end},
    words,
};

/// A shape's text is cut here; what follows is one more variable. Counted in what is written, not read, so that the
/// length of a number has no say in it.
pub(crate) const SHAPE_BYTES: usize = 4096;
/// Looking ahead for closing brackets costs at most this many times the message.
const LOOK_AHEAD: usize = 4;

/// Writes the shape of `message`, which has no blanks around it, into `shape`.
pub(crate) fn scan(message: &str, shape: &mut String) {
    let mut scanner = Scanner {
        text: message,
        bytes: message.as_bytes(),
        shape: Masked::new(shape),
        at: 0,
        pending: 0,
        look_ahead: message.len().saturating_mul(LOOK_AHEAD),
    };
    scanner.run();
    let kept = shape.trim_end().len();
    shape.truncate(kept);
}

struct Scanner<'m, 's> {
    text: &'m str,
    bytes: &'m [u8],
    shape: Masked<'s>,
    at: usize,
    /// Where the literal that is not yet written begins.
    pending: usize,
    look_ahead: usize,
}

impl Scanner<'_, '_> {
    fn run(&mut self) {
        while let Some(&byte) = self.bytes.get(self.at) {
            let class = CLASS[byte as usize];
            if class & BLANK != 0 {
                if self.shape.text.len() + (self.at - self.pending) > SHAPE_BYTES {
                    self.value(self.at, self.bytes.len());
                    return;
                }
                self.blank();
            } else if class & SEPARATOR != 0 {
                self.separator(byte);
            } else if byte == b'.' && self.peek(1) == Some(b'.') {
                self.at += self.bytes[self.at..].iter().take_while(|&&byte| byte == b'.').count();
            } else if !self.plain_word() && !self.plain_number() {
                self.piece();
            }
        }
        self.flush(self.at);
    }

    fn peek(&self, distance: usize) -> Option<u8> {
        self.bytes.get(self.at + distance).copied()
    }

    fn before(&self, at: usize) -> Option<u8> {
        at.checked_sub(1).and_then(|at| self.bytes.get(at).copied())
    }

    fn flush(&mut self, to: usize) {
        if let Some(literal) = self.text.get(self.pending..to) {
            self.shape.text.push_str(literal);
        }
        self.pending = to;
    }

    /// A single space is copied with its surroundings; any other run of blanks becomes one space.
    fn blank(&mut self) {
        let length = self.bytes[self.at..].iter().take_while(|&&byte| is(byte, BLANK)).count();
        if length > 1 || self.bytes[self.at] != b' ' {
            self.flush(self.at);
            self.shape.text.push(' ');
            self.pending = self.at + length;
        }
        self.at += length;
    }

    fn separator(&mut self, byte: u8) {
        match byte {
            b'[' | b'{' | b'(' => self.bracket(),
            b'=' => self.assignment(),
            b':' if self.peek(1) == Some(b':')
                && self.before(self.at).is_none_or(|byte| is(byte, BLANK | SEPARATOR)) =>
            {
                self.short_address();
            }
            b':' if self.announces_statement() => self.value(self.at + 2, self.bytes.len()),
            b'"' | b'\'' if follows_json_key(self.bytes, self.at) => self.quoted_value(),
            _ => self.at += 1,
        }
    }

    /// `statement: select ...`
    fn announces_statement(&self) -> bool {
        let may_be = matches!(self.before(self.at), Some(b't' | b'y' | b'l' | b'T' | b'Y' | b'L'));
        may_be && self.peek(1) == Some(b' ') && words::is_statement_key(key_before(self.bytes, self.at))
    }

    fn bracket(&mut self) {
        if self.look_ahead > 0 {
            let (end, looked_to) = list_end(self.bytes, self.at);
            self.look_ahead = self.look_ahead.saturating_sub(looked_to - self.at);
            if let Some(end) = end {
                self.value(self.at + 1, end);
                return;
            }
        }
        self.at += 1;
    }

    /// `::1`, `::ffff:10.0.0.7`, or `::` in brackets: addresses that begin with zeros left out.
    fn short_address(&mut self) {
        let rest = &self.bytes[self.at..];
        let length = rest.iter().position(|&byte| !is(byte, HEX) && byte != b':' && byte != b'.').unwrap_or(rest.len());
        let ends = rest.get(length).is_none_or(|&next| is(next, BLANK | SEPARATOR) || next == b'%');
        if ends && (length > 2 || rest.get(length) == Some(&b']')) {
            self.value(self.at, self.at + length);
        } else {
            self.at += rest.iter().take_while(|&&byte| byte == b':').count();
        }
    }

    /// `key=value`: whatever the value is, it is one. Comparisons (`==`, `!=`, `<=`) are not assignments.
    fn assignment(&mut self) {
        self.at += 1;
        let has_key =
            self.before(self.at - 1).is_some_and(|byte| !is(byte, BLANK | SEPARATOR) || matches!(byte, b'"' | b'\''));
        if !has_key {
            return;
        }
        let Some(&next) = self.bytes.get(self.at) else {
            return self.value(self.at, self.at);
        };
        if next == b'"' || next == b'\'' {
            self.quoted_value();
        } else if !is(next, BLANK | SEPARATOR) {
            self.assigned(assigned_end(self.bytes, self.at));
        } else if let Some(length) = nothing_length(&self.bytes[self.at..]) {
            self.value(self.at, self.at + length);
        }
    }

    /// `"key": "value"` or `key="value"`: the string is a value, unless it is a sentence to read. Its quotes go, since a
    /// number, `null` or a single word may stand there without any.
    fn quoted_value(&mut self) {
        let start = self.at + 1;
        let Some(end) = quoted_end(self.bytes, self.at) else {
            return self.at = start;
        };
        let text = self.text.get(start..end - 1).unwrap_or_default();
        if words::is_nothing(text) {
            self.value(self.at, end);
        } else if words::is_text_key(key_before(self.bytes, self.at)) {
            self.at = start;
        } else if words::is_telling_value(text) {
            self.at = end;
        } else {
            self.value(self.at, end);
        }
    }

    /// What a key holds is a value, whatever it is, save levels and methods.
    fn assigned(&mut self, end: usize) {
        let is_telling = self.text.get(self.at..end).is_some_and(words::is_telling_value);
        if is_telling { self.at = end } else { self.value(self.at, end) }
    }

    /// Most of a message is words of letters, for which little else need be asked: not behind a key or an arrow, and
    /// not before an arrow.
    fn plain_word(&mut self) -> bool {
        let (start, rest) = (self.at, &self.bytes[self.at..]);
        let length = letters(rest);
        if length == 0 || !ends_plainly(rest, length) || rest.get(length + 1) == Some(&b'-') {
            return false;
        }
        if matches!(self.mark_before(start), b':' | b'>') || self.follows_value(start) {
            return false;
        }
        if length > LONG_WORD || has_hex_run(&rest[..length]) || words::is_bool(&self.text[start..start + length]) {
            return false;
        }
        self.at += length;
        // the space behind it needs no look either, unless it is one of several or the shape grows too long
        let is_short = self.shape.text.len() + (self.at - self.pending) <= SHAPE_BYTES;
        let is_spaced = self.peek(0) == Some(b' ') && self.peek(1).is_some_and(|next| !is(next, BLANK));
        self.at += usize::from(is_short && is_spaced);
        true
    }

    /// Digits with nothing before or behind them that could make more of them.
    fn plain_number(&mut self) -> bool {
        let (start, rest) = (self.at, &self.bytes[self.at..]);
        let length = rest.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(rest.len());
        let is_plain = length > 0 && ends_plainly(rest, length) && rest.get(length) != Some(&b':');
        if is_plain {
            self.number(start, start + length);
        }
        is_plain
    }

    /// The byte before this place, or before the space before it.
    fn mark_before(&self, at: usize) -> u8 {
        match self.before(at) {
            Some(b' ') => self.before(at - 1).unwrap_or_default(),
            before => before.unwrap_or_default(),
        }
    }

    fn piece(&mut self) {
        let start = self.at;
        let piece = Piece::read(self.bytes, start);
        let next = self.bytes.get(piece.end).copied();
        if next == Some(b':')
            && let Some(end) = colon_value_end(self.bytes, start, &piece)
        {
            return self.value(start, end);
        }
        let Some(text) = self.text.get(start..piece.end) else {
            return self.at = piece.end;
        };
        if next == Some(b'[') && holds_address(&self.bytes[piece.end..]) {
            return self.value(start, piece.end);
        }
        if self.bytes[start] == b'/' && text.len() > 1 {
            return self.value(start, path_end(self.bytes, start, piece.end));
        }
        if piece.classes & LETTER != 0 && self.is_masked_word(start, text) {
            return if piece.has_number() { self.number(start, piece.end) } else { self.value(start, piece.end) };
        }
        if piece.has_number() && self.is_name(text, piece.end) {
            return self.at = piece.end;
        }
        let is_quoted = matches!(next, Some(b'\'' | b'"' | b'`')) && self.before(start) == next;
        match piece.judge(text, is_quoted) {
            Verdict::Word => self.at = piece.end,
            Verdict::Value => self.number(start, piece.end),
            Verdict::ValueAfter(head) => self.value(start + head, piece.end),
            Verdict::ValueBefore(length) => {
                self.number(start, start + length);
                self.at = piece.end;
            }
        }
    }

    /// `r24=...`, `init2(...`, `"key3": ...`: names keep their digits.
    fn is_name(&self, text: &str, end: usize) -> bool {
        let names_something = match self.bytes.get(end..end + 2) {
            Some([b'=', value]) => *value != b'=' && !is(*value, BLANK),
            Some([b'(', _] | [b'"' | b'\'', b':']) => true,
            _ => false,
        };
        names_something && is_identifier(text)
    }

    /// Whether nothing but a space stands between the last value and here.
    fn follows_value(&self, start: usize) -> bool {
        start == self.pending + 1 && self.bytes[self.pending] == b' ' && self.shape.ends_in_value()
    }

    /// A word that only its surroundings make a value: `Jun` after `17`, `null` after a JSON key.
    fn is_masked_word(&self, start: usize, text: &str) -> bool {
        let before = self.mark_before(start);
        self.follows_value(start) && words::is_time_word(text)
            || before == b':' && follows_json_key(self.bytes, start)
            || stands_at_arrow(self.bytes, start, start + text.len())
    }

    /// A value that may stand in angle brackets, as in `<17> restarted`, and after words of a date.
    fn number(&mut self, start: usize, end: usize) {
        self.flush(start);
        self.shape.drop_time_words();
        if self.shape.text.as_bytes().last() == Some(&b'<') {
            self.shape.text.pop();
            let closes = self.bytes.get(end) == Some(&b'>');
            self.value(start, end);
            if closes {
                self.at = end + 1;
                self.pending = self.at;
            }
            return;
        }
        self.value(start, end);
    }

    /// Writes a variable for the bytes from `start` to `end`, or lets the one before it grow.
    fn value(&mut self, start: usize, end: usize) {
        self.flush(start);
        self.pending = end;
        self.at = end;
        self.shape.push_value();
    }
}

/// Whether a run of letters or digits ends where no rule makes it part of something longer.
fn ends_plainly(rest: &[u8], length: usize) -> bool {
    match rest.get(length) {
        None => true,
        Some(b':' | b'.') => rest.get(length + 1).is_none_or(|&next| is(next, BLANK)),
        Some(b'[' | b'\'') => false,
        Some(&next) => is(next, BLANK | SEPARATOR),
    }
}

#[cfg(test)]
mod tests {
    use crate::mine::shape_of_line as shape;

    #[test]
    fn masks_values_and_keeps_words() {
        assert_eq!(shape("cache warmed in 12.5s for tenant 17"), "cache warmed in <*>s for tenant <*>");
        assert_eq!(shape("[2025-01-02 03:04:05 +0000] [13] [ERROR] worker left"), "[<*>] [<*>] [ERROR] worker left");
        assert_eq!(
            shape("peer 10.0.0.7:8443 sent {\"id\": 7, \"who\": \"ann b\"}"),
            "peer <*> sent {\"id\": <*>, \"who\": <*>}"
        );
        assert_eq!(shape("GET https://x.example.org/a?b=c. done"), "GET <*>. done");
        assert_eq!(shape("mount /data/vol-a: device busy"), "mount <*>: device busy");
        assert_eq!(shape("open user=ann mode= id=req_17_21c9"), "open user=<*> mode=<*> id=<*>");
        assert_eq!(shape("on Tue, 3 Jun 2025 10:00:00 UTC we met"), "on <*> we met");
        assert_eq!(shape("slot core.99, address fe80::1, lag <1 sec"), "slot core.<*>, address <*>, lag <*> sec");
    }

    #[test]
    fn keys_of_sentences_and_levels_stay_readable() {
        assert_eq!(
            shape("{\"level\": \"error\", \"msg\": \"no seat 4\", \"seat\": \"aisle\"}"),
            "{\"level\": \"error\", \"msg\": \"no seat <*>\", \"seat\": <*>}"
        );
        assert_eq!(shape("level=warn msg=\"no seat\" seat=aisle"), "level=warn msg=\"no seat\" seat=<*>");
    }

    #[test]
    fn what_is_no_value_is_a_value_of_its_key() {
        let values = ["ann", "null", "nil", "-", "<nil>", "(null)", "\"\"", "\"null\"", "\"ann b\"", "'ann b'", ""];
        for value in values {
            for (before, behind) in [("stored user=", " seat=4"), ("stored user=", ""), ("Order{user=", ", seat=4}")] {
                let text = format!("{before}{value}{behind}");
                assert_eq!(shape(&text), shape(&format!("{before}ann{behind}")), "{text}");
            }
        }
        for value in ["7", "null", "\"\"", "None", "'ann b'", "true"] {
            assert_eq!(
                shape(&format!("{{\"user\": {value}, \"seat\": 4}}")),
                "{\"user\": <*>, \"seat\": <*>}",
                "{value}"
            );
        }
        assert_eq!(shape("level=\"WARN\" msg=\"no seat\" err=\"\""), "level=\"WARN\" msg=\"no seat\" err=<*>");
        assert_eq!(shape("a == b, c= d"), "a == b, c= d");
    }

    #[test]
    fn lists_collapse() {
        assert_eq!(shape("classes: ['a.B', 'a.C']"), shape("classes: ['a.B']"));
        assert_eq!(shape("picked [red, green, blue] now"), "picked [<*>] now");
    }

    #[test]
    fn blanks_do_not_matter() {
        assert_eq!(shape("  one \n two\tthree\t"), "one two three");
        assert_eq!(shape("one\\ntwo\\nthree"), "one two three");
        assert_eq!(shape(""), "");
        assert_eq!(shape(" \n "), "");
    }

    #[test]
    fn survives_any_text() {
        for text in
            ["é5", "='é", "[é", "/é:é", "\"é\":é", "<5é>", "a=\"é\\", "🔴: 3 Jun", "é:\\é", "...é...", "'", "\\"]
        {
            shape(text);
        }
        let huge = "word 12 ".repeat(40_000);
        assert!(shape(&huge).len() < super::SHAPE_BYTES + 8);
        shape(&"['".repeat(60_000));
        shape(&"x".repeat(300_000));
    }

    #[test]
    fn obeys_the_coarse_rule() {
        let alphabet: Vec<char> = "ad7 09.:-/_=<>[]'\"s,xéJ#@%".chars().collect();
        let mut state = 7_u64;
        for _ in 0..20_000 {
            let mut text = String::new();
            for _ in 0..14 {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                let pick = (state >> 33) as usize;
                text.push(alphabet[pick % alphabet.len()]);
                if pick.is_multiple_of(7) {
                    text.push_str(["deadbeef", "12345678", "1234567f", "Jun "][pick / 7 % 4]);
                }
            }
            assert_eq!(shape(&text), shape(&coarse(&text)), "{text:?} {:?}", coarse(&text));
        }
    }

    /// Runs of eight or more hexadecimal digits become 0, then so do digits that follow no letter.
    fn coarse(text: &str) -> String {
        let mut first = String::new();
        let mut run = String::new();
        for c in text.chars().chain(['\n']) {
            if c.is_ascii_hexdigit() {
                run.push(c);
                continue;
            }
            first.push_str(if run.len() >= 8 { "0" } else { &run });
            run.clear();
            first.push(c);
        }
        let (mut out, mut before, mut in_run) = (String::new(), ' ', false);
        for c in first.trim_end_matches('\n').chars() {
            if c.is_ascii_digit() && (in_run || !before.is_alphabetic() && !before.is_ascii_digit()) {
                if !in_run {
                    out.push('0');
                }
                in_run = true;
            } else {
                in_run = false;
                out.push(c);
            }
            before = c;
        }
        out
    }
}
