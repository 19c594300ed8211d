//! When each instance of `ferry-api` starts, and when it fails to.

use super::super::clock::{MICRO, MILLI, SECOND, at};
use super::super::rng::Rng;

pub(super) const PROJECT: &str = "ferry-demo";
pub(super) const SERVICE: &str = "ferry-api";
pub(super) const OLD_REVISION: &str = "ferry-api-00031-abc";
pub(super) const NEW_REVISION: &str = "ferry-api-00032-def";

/// When the last of the failing instances finds its migrations broken
const LAST_FAILURE: &str = "2025-10-06T09:41:12.104731Z";
/// From a start's first warning to its broken migrations
const BOOT: i64 = 44 * SECOND;
/// Milliseconds before the last failure at which the others fail, the last two apart by enough to be told apart
const FAILURES_BEFORE: [i64; 9] = [262_000, 231_400, 198_700, 163_200, 131_500, 97_800, 66_100, 32_400, 0];
/// Milliseconds after the last failure at which other starts begin, which have not come to their migrations yet
const LATE_OLD: i64 = -22_600;
const LATE_NEW: [i64; 2] = [-1_800, -1_683];

pub(super) struct Start {
    pub revision: &'static str,
    pub instance_id: String,
    /// The first warning of the start
    pub began_at: i64,
    /// None: the collection ends before
    pub failed_at: Option<i64>,
}

pub(super) struct Plan {
    pub starts: Vec<Start>,
    pub last_failure_at: i64,
    pub collected_at: i64,
}

impl Plan {
    pub(super) fn new(rng: &mut Rng) -> Self {
        let last_failure_at = at(LAST_FAILURE);
        let mut starts = Vec::new();
        for before in FAILURES_BEFORE {
            let jitter = if before == 0 { 0 } else { rng.between(-900_000, 900_000) * MICRO };
            let failed_at = last_failure_at - before * MILLI + jitter;
            let began_at = failed_at - BOOT + rng.between(-800_000, 800_000) * MICRO;
            starts.push(start(OLD_REVISION, began_at, Some(failed_at), rng));
        }
        starts.push(start(OLD_REVISION, last_failure_at + LATE_OLD * MILLI, None, rng));
        for after in LATE_NEW {
            starts.push(start(NEW_REVISION, last_failure_at + after * MILLI, None, rng));
        }
        Plan { starts, last_failure_at, collected_at: last_failure_at + 16 * SECOND + 318_204 * MICRO }
    }

    /// The failing starts, oldest first, each with the time of its broken migrations
    pub(super) fn failures(&self) -> impl DoubleEndedIterator<Item = (&Start, i64)> {
        self.starts.iter().filter_map(|start| start.failed_at.map(|failed_at| (start, failed_at)))
    }
}

fn start(revision: &'static str, began_at: i64, failed_at: Option<i64>, rng: &mut Rng) -> Start {
    Start { revision, instance_id: format!("0082b5e41f{}", rng.hex(150)), began_at, failed_at }
}
