//! When the demo user's page opens a WebSocket: the schedule that four scenarios share.
//!
//! A session is a page left open for a while; it tries a new connection two to four times in three minutes. Sessions are spread over the
//! revisions in proportion to their traffic, so that only the failure of `auth_failures` is worse in the last one.

use super::super::clock::{MICRO, SECOND, at};
use super::super::rng::Rng;

#[derive(Clone, Debug)]
pub(super) struct Connection {
    /// When the application takes the connection up; the attempt is logged a little before
    pub at: i64,
    pub id: String,
    /// The first connection of a session finds no manager of an earlier one
    pub is_first_of_session: bool,
}

const SESSIONS: &[(&str, &str)] = &[
    ("2025-09-12T00:31:00Z", "2025-09-12T00:49:00Z"),
    ("2025-09-12T13:50:00Z", "2025-09-12T14:27:00Z"),
    ("2025-09-13T09:30:00Z", "2025-09-13T09:52:00Z"),
    ("2025-09-13T14:58:00Z", "2025-09-13T15:12:00Z"),
    ("2025-09-14T14:01:00Z", "2025-09-14T14:44:50Z"),
];

/// The last connections of the archive, by name
const LAST: &[(&str, &str)] = &[
    ("2025-09-14T14:45:31.204318Z", "main_f1b724a3"),
    ("2025-09-14T14:46:28.517702Z", "main_425feaa4"),
    ("2025-09-14T14:47:29.838990Z", "main_a1173694"),
];

pub(super) fn schedule(rng: &mut Rng) -> Vec<Connection> {
    let mut connections = Vec::new();
    for (from, until) in SESSIONS {
        let mut now = at(from);
        let mut is_first_of_session = true;
        while now < at(until) {
            let id = format!("main_{}", rng.hex(8));
            connections.push(Connection { at: now + rng.between(0, 999_999) * MICRO, id, is_first_of_session });
            is_first_of_session = false;
            now += rng.between(24, 62) * SECOND;
        }
    }
    connections.extend(LAST.iter().map(|(time, id)| Connection {
        at: at(time),
        id: (*id).to_owned(),
        is_first_of_session: false,
    }));
    connections
}
