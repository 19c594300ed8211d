//! Ten milliseconds after a connection is let in, a validator finds a second manager for its user.

use super::{
    LAST, Scenario,
    entry::{CallSite, Entry},
    fleet::BACKEND,
};
use crate::sample::{
    clock::{MICRO, at},
    rng::Rng,
};

const MODULE: &str = "orchard_backend.app.websocket_core.ssot_validation_enhancer";
const COUNT: CallSite = CallSite { module: MODULE, function: "validate_manager_creation", line: 118 };
const SUMMARY: CallSite = CallSite { module: MODULE, function: "validate_manager_creation", line: 137 };

pub(super) fn tell(scenario: &mut Scenario, rng: &mut Rng) {
    for connection in scenario.connections.clone() {
        if connection.is_first_of_session {
            continue;
        }
        let instance = scenario.serving(BACKEND, connection.at, connection.at as u64 / 7);
        // the archive ends with this warning, so the last one has its time given
        let is_last = connection.id == "main_a1173694";
        let summed_at = if is_last { at(LAST) } else { connection.at + rng.between(9_300, 11_400) * MICRO };
        if is_last || rng.chance(80) {
            let managers = rng.between(2, 4);
            let text =
                format!("Manager registry holds {managers} WebSocket managers for user demo-user-001, expected 1");
            let counted_at = summed_at - rng.between(260, 520) * MICRO;
            scenario.tell(Entry::message(counted_at, &instance, "WARNING", COUNT, &text));
        }
        let text = "SSOT validation issues (non-blocking): \
                    ['Multiple manager instances for user demo-user-001 - potential duplication']";
        scenario.tell(Entry::message(summed_at, &instance, "WARNING", SUMMARY, text));
    }
}
