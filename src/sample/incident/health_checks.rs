//! Health checks that wait for one instance to come up: they begin over twenty seconds and end all at once.

use super::super::clock::{MICRO, MILLI};
use super::super::rng::Rng;
use super::dump::Dump;
use super::plan::Plan;
use super::start_up_failure::gave_up_at;

const CHECKS: i64 = 36;
const TEXT: &str =
    "The request ended without an answer: the instance closed the connection or what it sent was no valid response.";

pub(super) fn tell(plan: &Plan, dump: &mut Dump, rng: &mut Rng) {
    let Some((start, failed_at)) = plan.failures().next_back() else {
        return;
    };
    let cut_off_at = gave_up_at(failed_at) + 1_200 * MILLI;
    for turn in 0..CHECKS {
        // the first has waited longest; none longer than 50 s
        let waited = 49_800 * MILLI - turn * 540 * MILLI + rng.between(-150_000, 150_000) * MICRO;
        let came_at = (cut_off_at - waited) / MICRO * MICRO;
        let ended_at = cut_off_at + rng.between(-2_700_000, 2_700_000);
        dump.failed_request(came_at, ended_at - came_at, start, TEXT, rng);
    }
}
