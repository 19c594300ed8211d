//! Undoes what transport did to a message: terminal colours and titles, and line breaks written as `\n`. It is the one rule by
//! which a message is cleaned, for people and for mining.

use memchr::{memchr, memchr2};

const ESCAPE: u8 = 0x1b;
/// How far back the beginning of a Windows path is sought (its `MAX_PATH`).
const LONGEST_PATH: usize = 260;

/// Returns the message itself when it is clean, else its cleaned copy in `buffer`.
pub(crate) fn clean<'a>(message: &'a str, buffer: &'a mut String) -> &'a str {
    let Some(first) = memchr2(ESCAPE, b'\\', message.as_bytes()) else {
        return message;
    };
    let is_escaped = is_escaped_text(message);
    buffer.clear();
    buffer.push_str(&message[..first]);
    let mut rest = &message[first..];
    while let Some(at) = memchr2(ESCAPE, b'\\', rest.as_bytes()) {
        buffer.push_str(&rest[..at]);
        rest = &rest[at..];
        if rest.as_bytes()[0] == ESCAPE {
            // one that begins nothing goes alone
            rest = &rest[escape_length(rest.as_bytes()).max(1)..];
        } else if let Some(character) = escaped(rest.as_bytes(), buffer).filter(|_| is_escaped) {
            buffer.push(character);
            rest = &rest[2..];
        } else {
            buffer.push_str(&rest[..1]);
            rest = &rest[1..];
        }
    }
    buffer.push_str(rest);
    buffer
}

/// Whether a writer escaped the text once too often: no real line break, but at least two written out.
fn is_escaped_text(text: &str) -> bool {
    memchr(b'\n', text.as_bytes()).is_none() && text.matches("\\n").take(2).count() == 2
}

/// Length of the ANSI escape sequence at the start (ECMA-48), or 0: `ESC [ parameters letter`, or `ESC ]` and a text up to
/// BEL or `ESC \`, which sets a terminal's title, say.
pub fn escape_length(bytes: &[u8]) -> usize {
    match bytes {
        [ESCAPE, b'[', parameters @ ..] => {
            let length = parameters.iter().take_while(|byte| (0x20..0x40).contains(*byte)).count();
            if matches!(parameters.get(length), Some(0x40..=0x7e)) { length + 3 } else { 0 }
        }
        [ESCAPE, b']', text @ ..] => match memchr2(0x07, ESCAPE, text) {
            Some(end) if text[end] == ESCAPE && text.get(end + 1) == Some(&b'\\') => end + 4,
            Some(end) if text[end] == 0x07 => end + 3,
            _ => 0,
        },
        _ => 0,
    }
}

/// The character that `\n`, `\r`, `\t` or `\"` stands for, unless the backslash belongs to a Windows path or is itself
/// escaped.
fn escaped(bytes: &[u8], before: &str) -> Option<char> {
    let character = match bytes {
        [b'\\', b'n', ..] => '\n',
        [b'\\', b'r', ..] => '\r',
        [b'\\', b't', ..] => '\t',
        [b'\\', b'"', ..] => '"',
        _ => return None,
    };
    let before = &before[before.floor_char_boundary(before.len().saturating_sub(LONGEST_PATH))..];
    let word = before.rsplit(|c: char| c.is_ascii_whitespace()).next().unwrap_or_default();
    let is_drive = matches!(word.as_bytes(), [letter, b':'] if letter.is_ascii_alphabetic());
    let in_path = is_drive || word.contains('\\');
    (!in_path).then_some(character)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cleaned(message: &str) -> String {
        clean(message, &mut String::new()).to_owned()
    }

    #[test]
    fn colours_go_and_breaks_come_back() {
        assert_eq!(cleaned("\x1b[1;31mERROR\x1b[0m disk\\nfull\\nagain"), "ERROR disk\nfull\nagain");
        assert_eq!(cleaned("saved to C:\\new\\table\\next"), "saved to C:\\new\\table\\next");
        assert_eq!(cleaned("sanitized from 'x\\n' to 'x'"), "sanitized from 'x\\n' to 'x'");
        assert_eq!(cleaned("a\\nb\\nc"), "a\nb\nc");
        assert_eq!(cleaned("say \\\"hi\\\"\\nand\\ngo"), "say \"hi\"\nand\ngo");
        assert_eq!(cleaned("ends in \\"), "ends in \\");
        assert_eq!(cleaned("\x1b[31"), "[31");
        assert_eq!(cleaned("\x1b]0;title\x07text \x1b]8;;link\x1b\\here"), "text here");
        assert_eq!(cleaned("\x1b]never ends"), "]never ends");
    }
}
