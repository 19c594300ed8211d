//! Counts keys in a small table, so that the many that come once need not be sorted: never too low, at times too high.

pub(super) struct Tally {
    counts: Vec<u8>,
    bits: u32,
}

impl Tally {
    pub(super) fn new(bits: u32) -> Self {
        Self { counts: vec![0; 1 << bits], bits }
    }

    /// Large enough that few of so many keys share a place.
    pub(super) fn for_keys(count: usize) -> Self {
        Self::new((count.max(1).ilog2() + 2).min(MOST_BITS))
    }

    /// Keys are hashes: their upper bits say the place.
    fn place(&self, key: u64) -> usize {
        (key >> (u64::BITS - self.bits)) as usize
    }

    pub(super) fn add(&mut self, key: u64) {
        let place = self.place(key);
        self.counts[place] = self.counts[place].saturating_add(1);
    }

    /// Whether the key can have come so many times.
    pub(super) fn may_be(&self, key: u64, times: u8) -> bool {
        self.counts[self.place(key)] >= times
    }
}

const MOST_BITS: u32 = 22;
