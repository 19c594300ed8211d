//! Connection attempts of the demo user, and the loop that reads from a connection it never accepted.

use super::{
    Scenario,
    entry::{CallSite, Entry},
    fleet::{BACKEND, Instance},
};
use crate::sample::{
    clock::{MICRO, MILLI, SECOND, at},
    rng::Rng,
};

const ATTEMPT: CallSite =
    CallSite { module: "orchard_backend.app.routes.websocket_ssot", function: "websocket_endpoint", line: 318 };
const LOOP: CallSite =
    CallSite { module: "orchard_backend.app.routes.websocket_ssot", function: "_main_message_loop", line: 1490 };
const ACK: CallSite = CallSite {
    module: "orchard_backend.app.websocket_core.handlers",
    function: "_send_unknown_message_ack",
    line: 1516,
};

/// The error that the worklog quotes
const QUOTED: &str = "2025-09-14T14:44:35.091989Z";

/// One connection in so many ends in the error
const ONE_IN: usize = 10;

pub(super) fn tell(scenario: &mut Scenario, rng: &mut Rng) {
    let mut failing = 0;
    for (index, connection) in scenario.connections.clone().iter().enumerate() {
        let instance = scenario.serving(BACKEND, connection.at, connection.at as u64 / 7);
        let tried_at = connection.at - rng.between(2_400, 6_800) * MICRO;
        let text = format!("WebSocket connection attempt {} in mode main", connection.id);
        scenario.tell(Entry::message(tried_at, &instance, "INFO", ATTEMPT, &text));
        if index % ONE_IN == 0 {
            failing = index + rng.below(ONE_IN as u64) as usize;
        }
        let is_new_enough = instance.revision != "orchard-backend-staging-00609-xk2";
        let broke_at = connection.at + rng.between(4_000_000, 19_000_000) * MICRO;
        if is_new_enough && index == failing && broke_at < at(QUOTED) - 60 * SECOND {
            fail(scenario, rng, broke_at, &instance);
        }
    }
    let instance = scenario.serving(BACKEND, at(QUOTED), 0);
    fail(scenario, rng, at(QUOTED), &instance);
}

fn fail(scenario: &mut Scenario, rng: &mut Rng, broke_at: i64, instance: &Instance) {
    let text = "[MAIN MODE] Message loop error: WebSocket is not connected. Need to call \"accept\" first.";
    scenario.tell(Entry::message(broke_at, instance, "ERROR", LOOP, text));
    let told_at = broke_at + MILLI + rng.between(200, 4_900) * MICRO;
    scenario.tell(Entry::message(
        told_at,
        instance,
        "ERROR",
        ACK,
        "Error sending unknown message ack to demo-user-001:",
    ));
}
