//! Undoes what transport did to a message before it is mined: terminal colours, and line breaks written as `\n`.

use memchr::memchr2;

pub const ESCAPE: u8 = 0x1b;
/// How far back the beginning of a Windows path is sought (its `MAX_PATH`).
const LONGEST_PATH: usize = 260;

/// Returns the message itself when it is clean, else its cleaned copy in `buffer`.
pub fn clean<'a>(message: &'a str, buffer: &'a mut String) -> &'a str {
    let message = message.trim();
    let Some(first) = memchr2(ESCAPE, b'\\', message.as_bytes()) else {
        return message;
    };
    buffer.clear();
    buffer.push_str(&message[..first]);
    let mut rest = &message[first..];
    while let Some(at) = memchr2(ESCAPE, b'\\', rest.as_bytes()) {
        buffer.push_str(&rest[..at]);
        rest = &rest[at..];
        let skipped = colour_length(rest.as_bytes());
        if skipped > 0 {
            rest = &rest[skipped..];
        } else if let Some(blank) = escaped_blank(rest.as_bytes(), buffer) {
            buffer.push(blank);
            rest = &rest[2..];
        } else {
            buffer.push_str(&rest[..1]);
            rest = &rest[1..];
        }
    }
    buffer.push_str(rest);
    buffer.trim()
}

/// Length of the ANSI control sequence at the start (`ESC [ parameters letter`), or 0.
pub fn colour_length(bytes: &[u8]) -> usize {
    let [ESCAPE, b'[', parameters @ ..] = bytes else {
        return 0;
    };
    let length = parameters.iter().take_while(|byte| (0x20..0x40).contains(*byte)).count();
    match parameters.get(length) {
        Some(0x40..=0x7e) => length + 3,
        _ => 0,
    }
}

/// The blank that `\n`, `\r` or `\t` stands for, unless the backslash belongs to a Windows path or is itself escaped.
fn escaped_blank(bytes: &[u8], before: &str) -> Option<char> {
    let blank = match bytes {
        [b'\\', b'n', ..] => '\n',
        [b'\\', b'r', ..] => '\r',
        [b'\\', b't', ..] => '\t',
        _ => return None,
    };
    let before = &before[before.floor_char_boundary(before.len().saturating_sub(LONGEST_PATH))..];
    let word = before.rsplit(|c: char| c.is_ascii_whitespace()).next().unwrap_or_default();
    let is_drive = matches!(word.as_bytes(), [letter, b':'] if letter.is_ascii_alphabetic());
    let in_path = is_drive || word.contains('\\');
    (!in_path).then_some(blank)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cleaned(message: &str) -> String {
        clean(message, &mut String::new()).to_owned()
    }

    #[test]
    fn colours_go_and_breaks_come_back() {
        assert_eq!(cleaned("  \x1b[1;31mERROR\x1b[0m disk\\nfull "), "ERROR disk\nfull");
        assert_eq!(cleaned("saved to C:\\new\\table"), "saved to C:\\new\\table");
        assert_eq!(cleaned("ends in \\"), "ends in \\");
        assert_eq!(cleaned("\x1b[31"), "\x1b[31");
    }
}
