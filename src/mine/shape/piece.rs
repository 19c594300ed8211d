//! Judges one piece of a message, a run of bytes between blanks and separators: is it a word, or somebody's value?
//!
//! A run of eight or more hexadecimal digits is treated as a number wherever it stands, and no rule asks how long a run
//! of digits is: two messages that differ only in such runs have the same shape (`obeys_the_coarse_rule` in `scan`).

use super::words;

/// From this length on, a run of hexadecimal digits is a number even if it spells a word.
pub(crate) const HEX_RUN: usize = 8;
/// A literal longer than this is data (a token, an encoded blob), not a word.
pub(crate) const LONG_WORD: usize = 512;
/// A key or function name has few digits; more make it an id.
const IDENTIFIER_DIGITS: usize = 2;

pub(crate) const LETTER: u8 = 1;
pub(crate) const DIGIT: u8 = 2;
pub(crate) const HEX: u8 = 4;
pub(crate) const BLANK: u8 = 8;
pub(crate) const SEPARATOR: u8 = 16;
/// Bytes inside a piece that ask for a closer look.
const MARK: u8 = 32;
/// A full stop, which two of end a piece.
const DOT: u8 = 64;

/// Class bits of every byte.
pub(crate) static CLASS: [u8; 256] = classes();

const fn classes() -> [u8; 256] {
    let mut table = [0_u8; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] = class_of(byte as u8);
        byte += 1;
    }
    table
}

const fn class_of(byte: u8) -> u8 {
    match byte {
        b'a'..=b'f' | b'A'..=b'F' => LETTER | HEX,
        b'g'..=b'z' | b'G'..=b'Z' => LETTER,
        b'0'..=b'9' => DIGIT | HEX,
        b' ' | b'\t' | b'\n' | b'\r' | 0x0b | 0x0c => BLANK,
        b',' | b';' | b':' | b'=' | b'|' | b'"' | b'\'' | b'`' | b'[' | b']' | b'(' | b')' | b'{' | b'}' | b'<'
        | b'>' | b'!' | b'?' | b'#' => SEPARATOR,
        b'.' => MARK | DOT,
        b'/' | b'\\' | b'@' | b'_' | b'-' | b'%' => MARK,
        _ => 0,
    }
}

pub(crate) fn is(byte: u8, class: u8) -> bool {
    CLASS[byte as usize] & class != 0
}

/// What a piece is: all word, all value, or a value with a literal head (`core.17`) or tail (`25.0s`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    Word,
    Value,
    ValueAfter(usize),
    ValueBefore(usize),
}

/// Facts gathered in one pass over a piece.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Piece {
    pub end: usize,
    /// Union of the class bits.
    pub classes: u8,
    pub all_hex: bool,
    has_hex_run: bool,
}

impl Piece {
    /// Reads the piece that starts at `start`. Apostrophes inside a word and single dots belong to it.
    pub(crate) fn read(bytes: &[u8], start: usize) -> Self {
        let (mut classes, mut in_all) = (0, HEX);
        let mut end = start;
        loop {
            // two loops, since nearly all pieces end at the first byte that may end one
            let length = bytes[end..].iter().position(|&byte| {
                let class = CLASS[byte as usize];
                let may_end = class & (BLANK | SEPARATOR | DOT) != 0;
                if !may_end {
                    classes |= class;
                    in_all &= class;
                }
                may_end
            });
            end = length.map_or(bytes.len(), |length| end + length);
            if end == bytes.len() || ends_piece(bytes, start, end) {
                break;
            }
            classes |= CLASS[bytes[end] as usize];
            in_all = 0;
            end += 1;
        }
        let has_hex_run = has_hex_run(&bytes[start..end]);
        Self { end, classes, all_hex: in_all != 0, has_hex_run }.without_tail(bytes, start)
    }

    /// A full stop or percent sign at the end belongs to the sentence.
    fn without_tail(mut self, bytes: &[u8], start: usize) -> Self {
        if self.classes & MARK == 0 {
            return self;
        }
        while self.end > start + 1 && matches!(bytes[self.end - 1], b'.' | b'%') {
            self.end -= 1;
        }
        // `6->0`: an arrow belongs to neither side
        if bytes.get(self.end) == Some(&b'>') && self.end > start + 1 && bytes[self.end - 1] == b'-' {
            self.end -= 1;
        }
        self
    }

    pub(crate) fn has_number(&self) -> bool {
        self.classes & DIGIT != 0 || self.has_hex_run
    }

    pub(crate) fn judge(&self, text: &str, is_quoted: bool) -> Verdict {
        if self.classes | HEX == LETTER | HEX {
            return self.judge_letters(text);
        }
        if self.classes & (LETTER | DIGIT) == DIGIT {
            return Verdict::Value;
        }
        if self.has_number() {
            return judge_number(text, self.has_hex_run);
        }
        if text.len() > LONG_WORD || self.classes & MARK != 0 && is_address(text, is_quoted) {
            return Verdict::Value;
        }
        Verdict::Word
    }

    fn judge_letters(&self, text: &str) -> Verdict {
        if self.has_hex_run {
            judge_unit(text.as_bytes())
        } else if text.len() > LONG_WORD || words::is_bool(text) {
            Verdict::Value
        } else {
            Verdict::Word
        }
    }
}

/// Whether a blank, a separator or a full stop ends the piece, and is no apostrophe or point inside it.
fn ends_piece(bytes: &[u8], start: usize, at: usize) -> bool {
    match bytes[at] {
        b'.' => bytes.get(at + 1) == Some(&b'.'),
        b'\'' => at == start || !is_apostrophe(bytes, at),
        _ => true,
    }
}

/// `can't`, `we're`: a letter before, one or two after, and then no more of the word.
fn is_apostrophe(bytes: &[u8], at: usize) -> bool {
    let hex_before = bytes[..at].iter().rev().take(HEX_RUN).take_while(|&&byte| is(byte, HEX)).count();
    let after = &bytes[at + 1..];
    let letters = after.iter().take(3).take_while(|&&byte| is(byte, LETTER)).count();
    let ends = after.get(letters).is_none_or(|&byte| !is(byte, LETTER | DIGIT));
    is(bytes[at - 1], LETTER) && hex_before < HEX_RUN && (1..=2).contains(&letters) && ends
}

/// A piece with a digit in it is a value, save names like `ipv4` (letters and one digit, not 0, which stands for a
/// hexadecimal run in the coarse rule); `core.17` and `HTTP/1.1` keep their names, `25.0s` its unit.
fn judge_number(text: &str, holds_hex_run: bool) -> Verdict {
    let bytes = text.as_bytes();
    let letters = bytes.iter().take_while(|&&byte| is(byte, LETTER)).count();
    let has_name = letters > 0 && !has_hex_run(&bytes[..letters]);
    match &bytes[letters..] {
        [b'1'..=b'9'] if has_name && !holds_hex_run => Verdict::Word,
        [b'.', number @ ..] if has_name && number_end(number, false) == number.len() => {
            Verdict::ValueAfter(letters + 1)
        }
        [b'/', number @ ..] if has_name && number_end(number, true) == number.len() => Verdict::ValueAfter(letters + 1),
        _ => judge_unit(bytes),
    }
}

/// A name with digits at the end of its words, `r24` or `jk2_init`: as a key or a function's name it is no value.
pub(crate) fn is_identifier(text: &str) -> bool {
    let bytes = text.as_bytes();
    let digits = bytes.iter().filter(|&&byte| is(byte, DIGIT)).count();
    let in_place = |at: usize| !is(bytes[at], DIGIT) || at > 0 && is(bytes[at - 1], LETTER | DIGIT);
    let stands_for_a_run = bytes.split(|&byte| !is(byte, DIGIT)).any(|digits| digits == b"0");
    digits <= IDENTIFIER_DIGITS
        && !stands_for_a_run
        && longest_hex_run(bytes) < HEX_RUN
        && bytes.iter().all(|&byte| is(byte, LETTER | DIGIT) || matches!(byte, b'_' | b'.' | b'-'))
        && (0..bytes.len()).all(in_place)
}

/// `com.acme.till.Drawer` or `log.index.interval`: a name of three or more parts is that of a class, a package or a
/// setting, which programs tell as values.
pub(crate) fn is_qualified_name(text: &str) -> bool {
    let mut parts = 0;
    text.split('.').all(|part| {
        parts += 1;
        part.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
    }) && parts > 2
}

/// How many letters stand at the start; eight bytes at a time, each in a lane of one word.
pub(crate) fn letters(bytes: &[u8]) -> usize {
    const LANES: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = 0x80 * LANES;
    let mut at = 0;
    while let Some(chunk) = bytes.get(at..at + 8).and_then(|chunk| <[u8; 8]>::try_from(chunk).ok()) {
        let lanes = u64::from_le_bytes(chunk);
        // a letter in small is not below `a` and not above `z`; a lane never carries, for its high bit is looked at apart
        let small = (lanes | (0x20 * LANES)) & !HIGH;
        let from_a = small + (0x80 - u64::from(b'a')) * LANES;
        let above_z = small + (0x7f - u64::from(b'z')) * LANES;
        let others = !(from_a & !above_z & !lanes) & HIGH;
        if others != 0 {
            return at + others.trailing_zeros() as usize / 8;
        }
        at += 8;
    }
    at + bytes[at..].iter().take_while(|&&byte| is(byte, LETTER)).count()
}

/// Whether `HEX_RUN` hexadecimal digits stand together: one of them is at every `HEX_RUN`th place then.
pub(crate) fn has_hex_run(bytes: &[u8]) -> bool {
    bytes.iter().skip(HEX_RUN - 1).step_by(HEX_RUN).any(|&byte| is(byte, HEX)) && longest_hex_run(bytes) >= HEX_RUN
}

fn judge_unit(bytes: &[u8]) -> Verdict {
    let sign = usize::from(matches!(bytes.first(), Some(b'-' | b'+')));
    let end = sign + number_end(&bytes[sign..], true);
    match &bytes[end..] {
        b"s" | b"ms" if end > sign => Verdict::ValueBefore(end),
        _ => Verdict::Value,
    }
}

fn longest_hex_run(bytes: &[u8]) -> usize {
    let (mut run, mut longest) = (0, 0);
    for &byte in bytes {
        run = if is(byte, HEX) { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    longest
}

/// Where a number that starts here ends: digits, long hexadecimal runs and, if wanted, points between them.
fn number_end(bytes: &[u8], with_points: bool) -> usize {
    let mut at = 0;
    while at < bytes.len() {
        let hex = bytes[at..].iter().take_while(|&&byte| is(byte, HEX)).count();
        let digits = bytes[at..].iter().take_while(|&&byte| is(byte, DIGIT)).count();
        if hex >= HEX_RUN {
            at += hex;
        } else if digits > 0 {
            at += digits;
        } else if with_points && bytes[at] == b'.' && at > 0 {
            at += 1;
        } else {
            break;
        }
    }
    at
}

/// Paths, addresses, hosts; inside quotes also dotted or joined names, which there are data rather than words.
fn is_address(text: &str, is_quoted: bool) -> bool {
    let bytes = text.as_bytes();
    if is_quoted && bytes.iter().any(|byte| matches!(byte, b'.' | b'_' | b'-' | b'/')) {
        return bytes.iter().any(|&byte| is(byte, LETTER));
    }
    is_path(bytes) || is_account(bytes) || words::ends_in_domain(text)
}

/// `/var/x`, `./x`, `~/x`, `a/b/c` or `src/main.rs`, but not `and/or`.
fn is_path(bytes: &[u8]) -> bool {
    if bytes.len() < 2 {
        return false;
    }
    if bytes.contains(&b'\\') {
        return bytes.iter().any(|&byte| is(byte, LETTER));
    }
    let slashes = bytes.iter().filter(|&&byte| byte == b'/').count();
    let is_rooted =
        bytes[0] == b'/' || bytes.starts_with(b"./") || bytes.starts_with(b"~/") || bytes.starts_with(b"../");
    slashes > 0 && (is_rooted || slashes > 1 || bytes.iter().any(|byte| matches!(byte, b'.' | b'_')))
}

/// `somebody@somewhere`.
fn is_account(bytes: &[u8]) -> bool {
    memchr::memchr(b'@', bytes).is_some_and(|at| at > 0 && at + 1 < bytes.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lanes_agree_with_bytes() {
        for byte in 0..=255_u8 {
            for place in 0..12 {
                let mut bytes = *b"abcXYZzAaqrs";
                bytes[place] = byte;
                let wanted = bytes.iter().take_while(|&&byte| is(byte, LETTER)).count();
                assert_eq!(letters(&bytes), wanted, "{byte} at {place}");
            }
        }
        for (text, wanted) in [("abcdefab", true), ("xdeadbeef1", true), ("abcdefgabcdefg", false), ("facade", false)] {
            assert_eq!(has_hex_run(text.as_bytes()), wanted, "{text}");
        }
    }

    fn judge(text: &str) -> Verdict {
        let piece = Piece::read(text.as_bytes(), 0);
        piece.judge(&text[..piece.end], false)
    }

    #[test]
    fn values_and_words() {
        for text in
            ["17", "-3.5", "0x1f", "main_a1173694", "x86_64", "deadbeef", "/var/lib", "a@b.org", "db.example.com"]
        {
            assert_eq!(judge(text), Verdict::Value, "{text}");
        }
        for text in ["worker", "and/or", "can't", "ipv4", "max_size", "Foo.bar", "café", "--"] {
            assert_eq!(judge(text), Verdict::Word, "{text}");
        }
        assert_eq!(judge("core.17"), Verdict::ValueAfter(5));
        assert_eq!(judge("HTTP/1.1"), Verdict::ValueAfter(5));
        assert_eq!(judge("25.0s"), Verdict::ValueBefore(4));
        assert!(is_identifier("r24") && is_identifier("jk2_init") && !is_identifier("x_9") && !is_identifier("a1234"));
    }
}
