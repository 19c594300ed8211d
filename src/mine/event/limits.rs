//! How far a statement may reach.

/// Lines of one statement are written microseconds apart; a pause longer than this ends it.
pub const PAUSE_NS: i64 = 100_000_000;
const LONGEST_NS: i64 = 5_000_000_000;
const LINES: usize = 500;
const BYTES: usize = 64 * 1024;

pub(super) struct Limits<'t> {
    times_ns: &'t [i64],
    /// The bytes of all messages before each, and of all.
    bytes_before: Vec<usize>,
}

impl<'t> Limits<'t> {
    pub(super) fn of(messages: &[&str], times_ns: &'t [i64]) -> Self {
        let mut bytes_before = vec![0];
        bytes_before.extend(messages.iter().scan(0, |bytes, message| {
            *bytes += message.len();
            Some(*bytes)
        }));
        Self { times_ns, bytes_before }
    }

    /// Whether all from the first to the last can be one statement.
    pub(super) fn hold(&self, first: usize, last: usize) -> bool {
        last - first < LINES
            && self.times_ns[last] - self.times_ns[first] <= LONGEST_NS
            && self.bytes_before[last + 1] - self.bytes_before[first] <= BYTES
    }

    /// Whether the program paused before this line.
    pub(super) fn is_pause(&self, at: usize) -> bool {
        self.times_ns[at] - self.times_ns[at - 1] > PAUSE_NS
    }
}
