//! Bytes that matter, found eight at a time in a word (Mycroft's test for a byte in a word: Hacker's Delight, 6-1).

const ONES: u64 = 0x0101_0101_0101_0101;
const HIGHS: u64 = ONES << 7;

const fn all(byte: u8) -> u64 {
    ONES * byte as u64
}

/// The high bit of the lowest zero byte is set, and none below it.
const fn zeros(word: u64) -> u64 {
    word.wrapping_sub(ONES) & !word & HIGHS
}

/// The next quote, backslash or control character; the length if there is none.
pub(super) fn next_in_json_string(bytes: &[u8], at: usize) -> usize {
    let hits = |word| {
        let below_blank = u64::wrapping_sub(word, all(0x20)) & !word & HIGHS;
        zeros(word ^ all(b'"')) | zeros(word ^ all(b'\\')) | below_blank
    };
    next(bytes, at, hits, |byte| byte < 0x20 || byte == b'"' || byte == b'\\')
}

/// The next quote or backslash.
pub(super) fn next_in_string(bytes: &[u8], at: usize) -> usize {
    let hits = |word| zeros(word ^ all(b'"')) | zeros(word ^ all(b'\\'));
    next(bytes, at, hits, |byte| byte == b'"' || byte == b'\\')
}

/// The next quote, brace or bracket. The four of them are what `| 0x26` makes 0x7f of, beside `Y`, `_`, `y` and DEL, which
/// are found too: outside of strings JSON has none.
pub(super) fn next_outside(bytes: &[u8], at: usize) -> usize {
    let hits = |word| zeros(word ^ all(b'"')) | zeros((word | all(0x26)) ^ all(0x7f));
    next(bytes, at, hits, |byte| byte == b'"' || byte | 0x26 == 0x7f)
}

fn next(bytes: &[u8], mut at: usize, hits: impl Fn(u64) -> u64, is_hit: impl Fn(u8) -> bool) -> usize {
    while let Some((chunk, _)) = bytes.get(at..).and_then(|rest| rest.split_first_chunk::<8>()) {
        let found = hits(u64::from_le_bytes(*chunk));
        if found != 0 {
            return at + found.trailing_zeros() as usize / 8;
        }
        at += 8;
    }
    let rest = bytes.get(at..).unwrap_or_default();
    at + rest.iter().position(|&byte| is_hit(byte)).unwrap_or(rest.len())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn words_agree_with_bytes(bytes in prop::collection::vec(any::<u8>(), 0..40), at in 0..40_usize) {
            let at = at.min(bytes.len());
            let first = |is_hit: fn(u8) -> bool| {
                bytes[at..].iter().position(|&byte| is_hit(byte)).map_or(bytes.len(), |found| at + found)
            };
            prop_assert_eq!(next_in_string(&bytes, at), first(|byte| matches!(byte, b'"' | b'\\')));
            prop_assert_eq!(next_in_json_string(&bytes, at), first(|byte| byte < 0x20 || matches!(byte, b'"' | b'\\')));
            let outside = |byte| matches!(byte, b'"' | b'{' | b'}' | b'[' | b']' | b'Y' | b'y' | b'_' | 0x7f);
            prop_assert_eq!(next_outside(&bytes, at), first(outside));
        }
    }
}
