//! Staging lets every WebSocket connection in and says so as CRITICAL: loud, and expected.

use super::{
    Scenario,
    entry::{CallSite, Entry},
    fleet::BACKEND,
};
use crate::sample::rng::Rng;

const MAIN_MODE: CallSite =
    CallSite { module: "orchard_backend.app.routes.websocket_ssot", function: "_handle_main_mode", line: 741 };

pub(super) fn tell(scenario: &mut Scenario, _rng: &mut Rng) {
    for connection in scenario.connections.clone() {
        let instance = scenario.serving(BACKEND, connection.at, connection.at as u64 / 7);
        let text = format!(
            "[\u{f0}\u{178}\u{201d}\u{2018}] GOLDEN PATH AUTH=REDACTED permissive authentication with circuit breaker for \
             connection {} - user_id: pending, connection_state: connected",
            connection.id
        );
        scenario.tell(Entry::message(connection.at, &instance, "CRITICAL", MAIN_MODE, &text));
    }
}
