//! The second service: healthy, but for one client that asks too often and one deprecated setting.

use super::{
    FIRST, LAST, Scenario,
    entry::{CallSite, Entry, Request, Trace},
    fleet::{AUTH, Instance},
};
use crate::sample::{
    clock::{HOUR, MICRO, MILLI, MINUTE, at},
    rng::Rng,
};

const TOKENS: CallSite = CallSite { module: "orchard_auth.tokens", function: "issue", line: 133 };
const LIMITER: CallSite = CallSite { module: "orchard_auth.rate_limit", function: "check", line: 64 };

const ROUTES: &[(&str, &str, i64, i64)] = &[
    ("POST", "/oauth/token", 61, 1350),
    ("GET", "/.well-known/jwks.json", 5, 980),
    ("POST", "/validate", 18, 310),
    ("GET", "/health", 3, 210),
];

pub(super) fn tell(scenario: &mut Scenario, rng: &mut Rng) {
    traffic(scenario, rng);
    greedy_client(scenario, rng);
    let mut now = at(FIRST) + 47 * MINUTE;
    while now < at(LAST) {
        let instance = scenario.serving(AUTH, now, 0);
        scenario.tell(Entry::warning_text(
            now + rng.between(0, 59_999_999) * MICRO,
            &instance,
            "/srv/orchard_auth/claims.py:48: DeprecationWarning: a list in claim `scope` is deprecated, \
             join it with spaces"
                .to_owned(),
        ));
        now += 6 * HOUR;
    }
}

fn traffic(scenario: &mut Scenario, rng: &mut Rng) {
    let mut now = at(FIRST) + rng.between(0, 900_000_000) * MICRO;
    while now < at(LAST) - MINUTE {
        let instance = scenario.serving(AUTH, now, 0);
        let (method, path, usual, response_bytes) = rng.pick(ROUTES);
        let trace = answer(scenario, rng, now, &instance, (method, path, 200), usual, response_bytes);
        if path == "/oauth/token" {
            let text = format!("Token issued for client orchard-backend, valid for {} s", rng.pick(&[900, 1800, 3600]));
            let issued_at = now + usual * MILLI / 2;
            scenario
                .tell(Entry::message(issued_at - issued_at % MICRO, &instance, "INFO", TOKENS, &text).in_trace(trace));
        }
        now += rng.between(600_000_000, 2_700_000_000) * MICRO;
    }
}

/// Twice a day a synchronisation runs into the limit, three to five times in half a minute
fn greedy_client(scenario: &mut Scenario, rng: &mut Rng) {
    for start in [
        "2025-09-12T06:00:00Z",
        "2025-09-12T18:00:00Z",
        "2025-09-13T06:00:00Z",
        "2025-09-13T18:00:00Z",
        "2025-09-14T06:00:00Z",
    ] {
        let mut now = at(start) + rng.between(2_000_000, 9_000_000) * MICRO;
        for turn in 0..rng.between(3, 5) {
            let instance = scenario.serving(AUTH, now, 0);
            let trace = answer(scenario, rng, now, &instance, ("POST", "/oauth/token", 429), 2, 190);
            let text = format!("Rate limit exceeded for client partner-sync: {} requests in 60 s, limit 60", 61 + turn);
            scenario.tell(Entry::message(now + 900 * MICRO, &instance, "WARNING", LIMITER, &text).in_trace(trace));
            now += rng.between(4_000_000, 9_000_000) * MICRO;
        }
    }
}

fn answer(
    scenario: &mut Scenario,
    rng: &mut Rng,
    now: i64,
    instance: &Instance,
    (method, path, status): (&str, &str, u16),
    usual: i64,
    response_bytes: i64,
) -> Trace {
    let trace = Trace { id: rng.hex(32), span: rng.hex(16) };
    let request = Request {
        method,
        path,
        status,
        latency: usual * rng.between(700_000, 1_800_000) + rng.between(0, 999),
        request_bytes: 640 + rng.between(0, 80),
        response_bytes,
        user_agent: if status == 429 { "partner-sync/0.9" } else { "orchard-backend-internal/1.4" },
        remote_ip: if status == 429 { "203.0.113.140" } else { "203.0.113.40" },
    };
    scenario.tell(Entry::request(now, instance, &request, trace.clone()));
    trace
}
