//! Roll-outs in the audit log, and what every start of an instance writes.

use serde_json::{Value, json};

use super::{
    Scenario,
    entry::{CallSite, Entry},
    fleet::{AUTH, BACKEND, Instance, PROJECT},
};
use crate::sample::{
    clock::{MICRO, MILLI, SECOND, at, to_second, zulu},
    rng::Rng,
};

/// From the start of an instance to its first request
const START: i64 = 11 * SECOND;

/// Service, time, revision that it asks for, generation: one call rolls a revision out, the next moves the traffic
const CALLS: &[(&str, &str, &str, u32)] = &[
    (BACKEND, "2025-09-12T04:19:48.207731Z", "orchard-backend-staging-00610-wq7", 610),
    (BACKEND, "2025-09-12T04:20:20.480902114Z", "orchard-backend-staging-00610-wq7", 611),
    (BACKEND, "2025-09-13T12:04:47.913350Z", "orchard-backend-staging-00611-cr5", 612),
    (BACKEND, "2025-09-13T12:05:20.155204871Z", "orchard-backend-staging-00611-cr5", 613),
    (AUTH, "2025-09-12T09:14:02.660148Z", "orchard-auth-staging-00102-hv8", 119),
];

pub(super) fn tell(scenario: &mut Scenario, rng: &mut Rng) {
    for (service, time, revision, generation) in CALLS {
        scenario.tell(Entry::audit(at(time), service, replace_service(service, at(time), revision, *generation)));
    }
    for instance in scenario.instances.clone() {
        start(scenario, &instance, rng);
    }
}

fn replace_service(service: &str, called_at: i64, revision: &str, generation: u32) -> Value {
    let name = format!("namespaces/{PROJECT}/services/{service}");
    json!({
        "@type": "type.googleapis.com/google.cloud.audit.AuditLog",
        "authenticationInfo": {"principalEmail": format!("deployer@{PROJECT}.iam.gserviceaccount.com")},
        "requestMetadata": {
            "callerIp": "203.0.113.24",
            "callerSuppliedUserAgent": "orchard-release/3.2 (pipeline)",
            "requestAttributes": {"time": zulu(called_at - 31 * MILLI)},
        },
        "serviceName": "run.googleapis.com",
        "methodName": "google.cloud.run.v1.Services.ReplaceService",
        "authorizationInfo": [
            {"resource": name, "permission": "run.services.update", "granted": true, "permissionType": "ADMIN_WRITE"},
        ],
        "resourceName": name,
        "response": {
            "@type": "type.googleapis.com/google.cloud.run.v1.Service",
            "metadata": {"name": service, "generation": generation},
            "status": {"latestCreatedRevisionName": revision},
        },
    })
}

fn start(scenario: &mut Scenario, instance: &Instance, rng: &mut Rng) {
    let began_at = instance.serves_from - START + rng.between(0, 900_000) * MICRO;
    let why = match instance.reason {
        "AUTOSCALING" => "more requests are waiting than the running instances take",
        _ => "a revision that gets traffic has none",
    };
    let reason = instance.reason;
    scenario.tell(Entry::system(began_at, instance, format!("Starting new instance. Reason: {reason} - {why}.")));
    let booted_at = began_at + rng.between(2_100_000, 2_900_000) * MICRO;
    let clock = to_second(booted_at).replace('T', " ");
    scenario.tell(Entry::output(
        booted_at,
        instance,
        format!("[{clock} +0000] [1] [INFO] Serving on 0.0.0.0:8080, 2 workers"),
    ));
    scenario.tell(Entry::output(
        booted_at + 4 * MILLI + 118 * MICRO,
        instance,
        format!("[{clock} +0000] [7] [INFO] Worker 7 is up"),
    ));
    let (loaded, ready) = if instance.service == AUTH { (AUTH_LOADED, AUTH_READY) } else { (LOADED, READY) };
    let loaded_at = booted_at + rng.between(900_000, 1_600_000) * MICRO;
    let settings = if instance.service == AUTH { 23 } else { 61 };
    scenario.tell(Entry::message(
        loaded_at,
        instance,
        "INFO",
        loaded,
        &format!("Settings loaded for staging: {settings} keys"),
    ));
    let ready_at = loaded_at + rng.between(2_000_000, 3_000_000) * MICRO;
    let seconds = (ready_at - began_at) as f64 / SECOND as f64;
    scenario.tell(Entry::message(
        ready_at,
        instance,
        "INFO",
        ready,
        &format!("Start-up finished in {seconds:.1} s, all phases passed"),
    ));
    let container = if instance.service == AUTH { "orchard-auth-1" } else { "orchard-backend-1" };
    scenario.tell(Entry::system(
        ready_at + rng.between(200_000, 800_000) * MICRO,
        instance,
        format!("STARTUP TCP probe of container \"{container}\" on port 8080 succeeded at attempt 1."),
    ));
}

const LOADED: CallSite = CallSite { module: "orchard_backend.app.config", function: "load_settings", line: 88 };
const READY: CallSite = CallSite { module: "orchard_backend.app.startup", function: "finish", line: 207 };
const AUTH_LOADED: CallSite = CallSite { module: "orchard_auth.config", function: "load_settings", line: 52 };
const AUTH_READY: CallSite = CallSite { module: "orchard_auth.main", function: "on_startup", line: 71 };
