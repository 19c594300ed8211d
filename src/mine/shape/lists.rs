//! Lists in brackets and quoted strings: where they end, and whether a list is plain enough to be one variable.

use memchr::memchr2;

use super::{
    piece::{BLANK, SEPARATOR, is},
    words,
};

/// End of the string that opens with the quote at `start`, the closing quote included; backslashes escape.
pub(super) fn quoted_end(bytes: &[u8], start: usize) -> Option<usize> {
    let quote = bytes[start];
    let mut at = start + 1;
    while let Some(found) = memchr2(quote, b'\\', bytes.get(at..)?) {
        at += found;
        if bytes[at] == quote {
            return Some(at + 1);
        }
        at += 2;
    }
    None
}

/// End of the list that opens at `start`, if it is one: `['a']`, `[a, b]`, `{'a', "b"}`, `("a", 'b')`. Items are
/// strings or single words; keys with values, nested lists and levels make it something to read instead. The second
/// figure is how far it had to look.
pub(super) fn list_end(bytes: &[u8], start: usize) -> (Option<usize>, usize) {
    let closing = match bytes[start] {
        b'[' => b']',
        b'{' => b'}',
        _ => b')',
    };
    let words_allowed = closing == b']';
    let (mut at, mut items, mut strings) = (start + 1, 0_usize, 0_usize);
    loop {
        at += blanks(bytes, at);
        let Some(&byte) = bytes.get(at) else {
            return (None, at);
        };
        let end = match byte {
            b'\'' | b'"' => quoted_end(bytes, at).inspect(|_| strings += 1),
            _ if words_allowed => word_end(bytes, at),
            _ => None,
        };
        let Some(end) = end else {
            return (None, if byte == b'\'' || byte == b'"' { bytes.len() } else { at });
        };
        items += 1;
        at = end + blanks(bytes, end);
        match bytes.get(at) {
            Some(b',') => at += 1,
            Some(&byte) if byte == closing && (items > 1 || strings > 0) => return (Some(at), at),
            _ => return (None, at),
        }
    }
}

fn blanks(bytes: &[u8], at: usize) -> usize {
    bytes[at..].iter().take_while(|&&byte| is(byte, BLANK)).count()
}

fn word_end(bytes: &[u8], start: usize) -> Option<usize> {
    let length = bytes[start..].iter().take_while(|&&byte| !is(byte, BLANK | SEPARATOR)).count();
    let is_level = std::str::from_utf8(&bytes[start..start + length]).is_ok_and(words::is_level);
    (length > 0 && !is_level).then_some(start + length)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_end_where_they_close() {
        assert_eq!(list_end(b"['a', \"b]\"] x", 0).0, Some(10));
        assert_eq!(list_end(b"[a, b, c]", 0).0, Some(8));
        for other in ["[main]", "[main, ERROR]", "['a': 1]", "[a b]", "[", "['a", "(a, b)", "[a, [b]]"] {
            assert_eq!(list_end(other.as_bytes(), 0).0, None, "{other}");
        }
    }
}
