//! Everyday requests of the backend, most of them answered well, and what the application says meanwhile.
//!
//! They are the exposure that a comparison of revisions divides by.

use serde_json::json;

use super::{
    FIRST, LAST, Scenario,
    entry::{CallSite, Entry, Request, Trace},
    fleet::{BACKEND, Instance},
};
use crate::sample::{
    clock::{DAY, HOUR, MICRO, MILLI, MINUTE, at},
    rng::Rng,
};

/// Requests in a thousand minutes, for each hour of the day: staging is used in office hours
const RHYTHM: [u64; 24] =
    [90, 70, 60, 60, 60, 70, 90, 140, 210, 260, 270, 250, 210, 250, 270, 260, 250, 230, 190, 170, 160, 150, 130, 110];

/// Method, path, status, usual milliseconds, bytes in, bytes out
type Route = (&'static str, &'static str, u16, i64, i64, i64);

const ROUTES: &[Route] = &[
    ("GET", "/health", 200, 4, 310, 284),
    ("GET", "/health", 200, 4, 310, 284),
    ("GET", "/api/threads", 200, 46, 1210, 5400),
    ("GET", "/api/threads", 200, 46, 1210, 5400),
    ("POST", "/api/threads", 201, 83, 1640, 720),
    ("GET", "/api/threads/{}/messages", 200, 71, 1225, 18200),
    ("POST", "/api/threads/{}/messages", 201, 118, 2890, 910),
    ("POST", "/api/agents/run", 202, 264, 3350, 640),
    ("GET", "/api/agents/runs/{}", 200, 38, 1230, 2150),
    ("GET", "/api/users/me", 200, 22, 1180, 890),
    ("GET", "/api/users/me/preferences", 304, 12, 1195, 210),
    ("DELETE", "/api/threads/{}", 204, 57, 1220, 190),
];

const USER_AGENTS: &[&str] = &[
    "Mozilla/5.0 (X11; Linux x86_64; rv:142.0) Gecko/20100101 Firefox/142.0",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Safari/605.1.15",
    "orchard-smoke/2.4",
];

const THREADS: CallSite =
    CallSite { module: "orchard_backend.app.services.thread_service", function: "list_threads", line: 164 };
const RUNS: CallSite =
    CallSite { module: "orchard_backend.app.agents.run_manager", function: "schedule_run", line: 301 };
const CACHE: CallSite = CallSite { module: "orchard_backend.app.cache.warmer", function: "refresh", line: 59 };
const POOL: CallSite = CallSite { module: "orchard_backend.app.db.pool", function: "report", line: 240 };
const TASKS: CallSite = CallSite { module: "orchard_backend.app.tasks.sweeper", function: "sweep", line: 112 };

pub(super) fn tell(scenario: &mut Scenario, rng: &mut Rng) {
    let mut minute = at(FIRST) + 12_004 * MILLI;
    while minute < at(LAST) - MINUTE {
        let hour = (minute % DAY / HOUR) as usize;
        if rng.below(1_000) < RHYTHM[hour] {
            let now = minute + rng.between(0, 59_999_999) * MICRO;
            let instance = scenario.serving(BACKEND, now, rng.word());
            request(scenario, rng, now, &instance);
        }
        if rng.below(1_000) < 26 {
            let now = minute + rng.between(0, 59_999_999) * MICRO;
            let instance = scenario.serving(BACKEND, now, rng.word());
            upkeep(scenario, rng, now, &instance);
        }
        minute += MINUTE;
    }
}

fn request(scenario: &mut Scenario, rng: &mut Rng, now: i64, instance: &Instance) {
    let (method, path, status, usual, request_bytes, response_bytes) = rng.pick(ROUTES);
    let path = path.replace("{}", &format!("thr_{}", rng.hex(12)));
    let latency = usual * rng.between(600_000, 1_900_000) + rng.between(0, 999);
    let trace = Trace { id: rng.hex(32), span: rng.hex(16) };
    let is_probe = path == "/health";
    let request = Request {
        method,
        path: &path,
        status,
        latency,
        request_bytes: request_bytes + rng.between(0, 60),
        response_bytes: response_bytes + rng.between(0, response_bytes / 3),
        user_agent: if is_probe { "orchard-uptime/1.1" } else { rng.pick(USER_AGENTS) },
        remote_ip: if is_probe { "203.0.113.9" } else { "203.0.113.77" },
    };
    scenario.tell(Entry::request(now, instance, &request, trace.clone()));
    let inside = now + latency * 2 / 3;
    let user = format!("user-{:04}", rng.below(40) + 1);
    if path == "/api/threads" && method == "GET" {
        let text = format!("Listed {} threads for {user} in {} ms", rng.below(48), latency / MILLI);
        scenario.tell(said(inside, instance, THREADS, &text, &user).in_trace(trace));
    } else if path == "/api/agents/run" {
        let text = format!("Agent run run_{} queued for {user}, {} ahead", rng.hex(8), rng.below(4));
        scenario.tell(said(inside, instance, RUNS, &text, &user).in_trace(trace));
    }
}

fn said(at: i64, instance: &Instance, site: CallSite, text: &str, user: &str) -> Entry {
    Entry::message(at - at % MICRO, instance, "INFO", site, text).with(json!({"user_id": user}))
}

fn upkeep(scenario: &mut Scenario, rng: &mut Rng, now: i64, instance: &Instance) {
    let (site, text) = match rng.below(3) {
        0 => (CACHE, format!("Cache warmed: {} keys in {} ms", rng.between(80, 420), rng.between(12, 90))),
        1 => (
            POOL,
            format!("Pool: {} of 20 connections in use, oldest idle for {} s", rng.below(9), rng.between(3, 280)),
        ),
        _ => (TASKS, format!("Sweep done: {} stale runs closed", rng.below(6))),
    };
    scenario.tell(Entry::message(now, instance, "INFO", site, &text));
}
