//! The identity of a shape: a hash of its text that never changes once written.
//!
//! History and issue markers hang on these ids, so they depend on nothing but the kind and the text. A change to the
//! scanner that alters texts raises `SHAPE_VERSION`; old ids then stay what they were and are bridged by aliases.

use std::fmt;

use xxhash_rust::xxh3::xxh3_64_with_seed;

use crate::mine::Kind;

/// Seed of every shape's hash; raise it when the scanner or the trace rules change what texts look like.
pub const SHAPE_VERSION: u64 = 3;

const ID_BITS: u32 = 60;
const ID_CHARS: usize = 12;
const BITS_PER_CHAR: u32 = 5;
const CROCKFORD: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// 60 bits of xxh3 over kind and text; shown as twelve lower-case Crockford base32 characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ShapeId(u64);

impl ShapeId {
    pub fn of(kind: Kind, text: &str) -> Self {
        let kind_seed = match kind {
            Kind::Message => 0,
            Kind::Exception => 1,
            Kind::Request => 1 << 32,
            Kind::Access => 1 << 33,
        };
        let hash = xxh3_64_with_seed(text.as_bytes(), SHAPE_VERSION << 1 | kind_seed);
        Self(hash >> (u64::BITS - ID_BITS))
    }

    pub fn as_u64(self) -> u64 {
        self.0
    }

    pub fn to_chars(self) -> [u8; ID_CHARS] {
        let mut chars = [b'0'; ID_CHARS];
        let mut rest = self.0;
        for slot in chars.iter_mut().rev() {
            *slot = CROCKFORD[(rest & 31) as usize];
            rest >>= BITS_PER_CHAR;
        }
        chars
    }

    /// Reads what `Display` writes; capitals and Crockford's look-alikes (`o`, `i`, `l`) are understood.
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() != ID_CHARS {
            return None;
        }
        text.bytes().try_fold(0_u64, |id, byte| Some(id << BITS_PER_CHAR | digit_of(byte)?)).map(Self)
    }
}

fn digit_of(byte: u8) -> Option<u64> {
    let byte = match byte.to_ascii_lowercase() {
        b'o' => b'0',
        b'i' | b'l' => b'1',
        other => other,
    };
    CROCKFORD.iter().position(|&digit| digit == byte).map(|digit| digit as u64)
}

impl fmt::Display for ShapeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let chars = self.to_chars();
        f.pad(std::str::from_utf8(&chars).unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_back_what_it_shows() {
        let id = ShapeId::of(Kind::Message, "cache warmed in <*>ms");
        assert_eq!(ShapeId::parse(&id.to_string()), Some(id));
        assert_eq!(ShapeId::parse(&id.to_string().to_uppercase()), Some(id));
        assert_eq!(id.to_string().len(), 12);
        assert!(id.as_u64() < 1 << 60);
    }

    #[test]
    fn kinds_differ_and_nonsense_is_refused() {
        assert_ne!(ShapeId::of(Kind::Message, "x"), ShapeId::of(Kind::Exception, "x"));
        assert_eq!(ShapeId::parse("short"), None);
        assert_eq!(ShapeId::parse("uuuuuuuuuuuu"), None);
        assert_eq!(ShapeId::parse("äääääääääääää"), None);
    }
}
