//! Writes numbers, hex digits and times into a byte buffer without formatting machinery.

use crate::sample::{
    clock::{MICRO, MILLI, SECOND, to_second},
    rng::{Rng, scatter32},
};

pub(crate) struct JsonWriter {
    pub buffer: Vec<u8>,
    salt: u32,
    entry_at: i64,
    received_at: i64,
    insert_id: u32,
    stamps: [Stamp; 2],
}

/// The text of the second that was written last: the next entry is likely to need it again
#[derive(Default)]
struct Stamp {
    second: i64,
    text: String,
}

impl JsonWriter {
    pub(crate) fn new(salt: u32) -> Self {
        JsonWriter {
            buffer: Vec::with_capacity(1 << 19),
            salt,
            entry_at: 0,
            received_at: 0,
            insert_id: 0,
            stamps: [Stamp::default(), Stamp::default()],
        }
    }

    /// Sets the time of the next entry, when it is received, and its id
    pub(crate) fn begin(&mut self, entry_at: i64, index: u64, rng: &mut Rng) {
        self.entry_at = entry_at;
        self.received_at = entry_at + 30 * MILLI + rng.below(390_000_000) as i64;
        self.insert_id = scatter32(index as u32 ^ self.salt);
    }

    #[inline]
    pub(crate) fn put(&mut self, bytes: &[u8]) {
        self.buffer.extend_from_slice(bytes);
    }

    pub(crate) fn decimal(&mut self, mut number: u64) {
        let mut digits = [0_u8; 20];
        let mut start = digits.len();
        loop {
            start -= 1;
            digits[start] = b'0' + (number % 10) as u8;
            number /= 10;
            if number == 0 {
                break;
            }
        }
        self.buffer.extend_from_slice(&digits[start..]);
    }

    /// With leading zeros, `width` digits
    pub(crate) fn padded(&mut self, mut number: u64, width: usize) {
        let mut digits = [b'0'; 12];
        for digit in digits[..width].iter_mut().rev() {
            *digit = b'0' + (number % 10) as u8;
            number /= 10;
        }
        self.buffer.extend_from_slice(&digits[..width]);
    }

    /// The last `width` hex digits of a number, 16 at the most
    pub(crate) fn hex(&mut self, number: u64, width: usize) {
        let mut digits = [0_u8; 16];
        for (place, digit) in digits[..width].iter_mut().rev().enumerate() {
            *digit = b"0123456789abcdef"[(number >> (4 * place) & 15) as usize];
        }
        self.buffer.extend_from_slice(&digits[..width]);
    }

    pub(crate) fn insert_id(&mut self) {
        self.hex((self.entry_at / SECOND) as u64, 8);
        self.hex((self.entry_at % SECOND / MICRO) as u64, 8);
        self.hex(u64::from(self.insert_id), 8);
    }

    pub(crate) fn timestamp(&mut self) {
        self.second(0, self.entry_at);
        self.padded((self.entry_at % SECOND / MICRO) as u64, 6);
        self.put(b"Z");
    }

    pub(crate) fn receive_timestamp(&mut self) {
        self.second(1, self.received_at);
        self.padded((self.received_at % SECOND) as u64, 9);
        self.put(b"Z");
    }

    pub(crate) fn epoch_ms(&mut self) {
        self.decimal((self.entry_at / MILLI) as u64);
    }

    fn second(&mut self, which: usize, nanos: i64) {
        let stamp = &mut self.stamps[which];
        if stamp.second != nanos / SECOND {
            stamp.second = nanos / SECOND;
            stamp.text = to_second(nanos) + ".";
        }
        self.buffer.extend_from_slice(stamp.text.as_bytes());
    }
}
