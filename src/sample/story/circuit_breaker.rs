//! Staging lets every WebSocket connection in and says so as CRITICAL: loud, and expected.

use super::super::rng::Rng;
use super::Stage;
use super::cast::BACKEND;
use super::entry::{CallSite, Entry};

const MAIN_MODE: CallSite =
    CallSite { module: "orchard_backend.app.routes.websocket_ssot", function: "_handle_main_mode", line: 741 };

pub fn tell(stage: &mut Stage, _rng: &mut Rng) {
    for connection in stage.connections.clone() {
        let instance = stage.serving(BACKEND, connection.at, connection.at as u64 / 7);
        let text = format!(
            "[\u{f0}\u{178}\u{201d}\u{2018}] GOLDEN PATH AUTH=REDACTED permissive authentication with circuit breaker for \
             connection {} - user_id: pending, connection_state: connected",
            connection.id
        );
        stage.tell(Entry::message(connection.at, &instance, "CRITICAL", MAIN_MODE, &text));
    }
}
