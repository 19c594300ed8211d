//! The service's own calls are refused with 403: seen in one revision, gone in the next, back in the last.

use serde_json::{Value, json};

use super::{
    Scenario,
    entry::{CallSite, Entry, Request, Trace},
    fleet::{BACKEND, Instance},
};
use crate::sample::{
    clock::{MICRO, MILLI, at},
    rng::Rng,
};

const MESSAGE: &str = "[\u{f0}\u{178}\u{201d}\u{b4}] CRITICAL_AUTH_FAILURE: 403 'Not authenticated' error detected! | \
    User: 'service:orchard-backend' | Operation: 'CRITICAL_403_NOT_AUTHENTICATED_ERROR'";

const FAILURE: CallSite =
    CallSite { module: "orchard_backend.app.logging.auth_trace_logger", function: "log_failure", line: 403 };
const SESSION: CallSite =
    CallSite { module: "orchard_backend.app.dependencies", function: "get_request_scoped_db_session", line: 214 };
const CONTEXT: CallSite =
    CallSite { module: "orchard_backend.app.auth.service_context", function: "build_context", line: 96 };
const PIPELINE: CallSite =
    CallSite { module: "orchard_backend.app.middleware.request_pipeline", function: "dispatch", line: 158 };

/// The failure that the worklog quotes, and the request that it belongs to
const QUOTED: (&str, &str, &str) =
    ("2025-09-14T14:35:59.682542Z", "2025-09-14T14:35:59.427118Z", "req_1757860559427_422_21c9c8cc");

/// From, to, how often: under revision 00609 and, more than a day of traffic later, under 00611
const SPELLS: &[(&str, &str, u32)] =
    &[("2025-09-12T00:52:00Z", "2025-09-12T03:41:00Z", 6), ("2025-09-14T09:12:00Z", "2025-09-14T14:33:00Z", 13)];

const PATHS: &[&str] = &["/api/agents/run", "/api/threads", "/internal/agents/resume"];

pub(super) fn tell(scenario: &mut Scenario, rng: &mut Rng) {
    for (from, to, count) in SPELLS {
        let mut correlation_ids: Vec<String> = Vec::new();
        let step = (at(to) - at(from)) / i64::from(*count);
        for turn in 0..*count {
            let came_at = at(from) + step * i64::from(turn) + rng.between(0, step / MICRO - 1) * MICRO;
            let failed_at = came_at + rng.between(180_000, 320_000) * MICRO;
            let request_id = format!("req_{}_{}_{}", came_at / MILLI, rng.between(40, 960), rng.hex(8));
            let is_repeat = !correlation_ids.is_empty() && rng.chance(40);
            if !is_repeat {
                correlation_ids.push(correlation_id(rng));
            }
            let known = correlation_ids.len();
            let correlation_id = correlation_ids[known - 1 - rng.below(known.min(2) as u64) as usize].clone();
            fail(scenario, rng, came_at, failed_at, &request_id, &correlation_id);
        }
    }
    let (failed_at, came_at, request_id) = QUOTED;
    let correlation_id = correlation_id(rng);
    fail(scenario, rng, at(came_at), at(failed_at), request_id, &correlation_id);
}

fn correlation_id(rng: &mut Rng) -> String {
    format!("debug_corr_{}", rng.hex(10))
}

/// The failure, what it stops, and the request that ends with 403
fn fail(scenario: &mut Scenario, rng: &mut Rng, came_at: i64, failed_at: i64, request_id: &str, correlation_id: &str) {
    let instance = scenario.serving(BACKEND, failed_at, 0);
    let trace = Trace { id: rng.hex(32), span: rng.hex(16) };
    let path = rng.pick(PATHS);
    scenario.tell(
        Entry::message(failed_at, &instance, "ERROR", FAILURE, MESSAGE)
            .with(findings(request_id, correlation_id))
            .in_trace(trace.clone()),
    );
    let mut now = failed_at;
    for (site, text) in [
        (
            SESSION,
            "Database session creation failed for user 'service:orchard-backend': 403 Not authenticated".to_owned(),
        ),
        (CONTEXT, "Service authentication context is missing at stage session_factory_call".to_owned()),
        (PIPELINE, format!("Request processing stopped before the handler: POST {path} refused with 403")),
    ] {
        if site.line == CONTEXT.line && rng.chance(35) {
            continue;
        }
        now += rng.between(420, 1_900) * MICRO;
        let entry = Entry::message(now, &instance, "ERROR", site, &text).with(json!({"request_id": request_id}));
        scenario.tell(entry.in_trace(trace.clone()));
    }
    let latency = now - came_at + rng.between(1_000, 4_000) * MICRO + rng.between(0, 999);
    refuse(scenario, &instance, came_at, path, latency, trace);
}

fn refuse(scenario: &mut Scenario, instance: &Instance, came_at: i64, path: &str, latency: i64, trace: Trace) {
    let request = Request {
        method: "POST",
        path,
        status: 403,
        latency,
        request_bytes: 1480,
        response_bytes: 231,
        user_agent: "orchard-backend-internal/1.4",
        remote_ip: "203.0.113.40",
    };
    scenario.tell(Entry::request(came_at, instance, &request, trace));
}

fn findings(request_id: &str, correlation_id: &str) -> Value {
    json!({
        "user_context": "service:orchard-backend",
        "function_location": "orchard_backend.app.dependencies.get_request_scoped_db_session",
        "auth_failure_stage": "session_factory_call",
        "likely_cause": "authentication_middleware_blocked_service_user",
        "request_id": request_id,
        "debug_correlation_id": correlation_id,
        "debug_hints": [
            "403 'Not authenticated' suggests JWT failed",
            "Check authentication middleware configuration",
            "Verify JWT_SECRET across services",
            "Check if SERVICE_SECRET is properly configured",
            "Validate system user authentication bypass",
        ],
        "next_steps": [
            "Check authentication middleware logs",
            "Verify SERVICE_SECRET configuration",
            "Check JWT_SECRET consistency",
            "Validate system user authentication bypass",
            "Review authentication dependency injection",
        ],
    })
}
