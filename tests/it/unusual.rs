//! What goes wrong without an error: requests that slow down, and work that is done again and again; and that nothing of it
//! is said where chance alone speaks.

use serde_json::{Value, json};

use super::support::Garden;

/// Chance that repeats itself: Knuth's generator.
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as usize) % limit
    }

    fn shuffle<T>(&mut self, items: &mut [T]) {
        for at in (1..items.len()).rev() {
            items.swap(at, self.below(at + 1));
        }
    }
}

/// An export in the making: entries of services, each `seconds` after 08:00.
#[derive(Default)]
struct Export(Vec<String>);

impl Export {
    fn add(&mut self, service: &str, revision: &str, seconds: usize, log: &str, body: &Value) {
        let clock = format!("{:02}:{:02}:{:02}", 8 + seconds / 3600, seconds / 60 % 60, seconds % 60);
        let mut entry = json!({
            "insertId": format!("e{}", self.0.len()),
            "timestamp": format!("2025-03-04T{clock}Z"),
            "severity": "INFO",
            "logName": format!("projects/harbour/logs/run.googleapis.com%2F{log}"),
            "resource": {"type": "cloud_run_revision", "labels": {
                "project_id": "harbour", "location": "europe-west1", "service_name": service,
                "revision_name": format!("{service}-{revision}"),
            }},
            "labels": {"instanceId": "00c0ffee00c0ffee00c0ffee00c0ffee"},
        });
        for (key, value) in body.as_object().unwrap() {
            entry[key] = value.clone();
        }
        self.0.push(entry.to_string());
    }

    fn request(&mut self, service: &str, revision: &str, seconds: usize, path: &str, status: u16, millis: usize) {
        let url = format!("https://pier.example{path}");
        let latency = format!("{}.{:03}s", millis / 1000, millis % 1000);
        let request = json!({"requestMethod": "GET", "requestUrl": url, "status": status, "latency": latency});
        self.add(service, revision, seconds, "requests", &json!({"httpRequest": request}));
    }

    fn message(&mut self, service: &str, seconds: usize, text: &str) {
        self.add(service, "00001-abc", seconds, "stdout", &json!({"textPayload": text}));
    }

    fn garden(&self) -> Garden {
        let garden = Garden::new();
        garden.write("export.ndjson", self.0.join("\n"));
        let output = garden.gardener(&["run", "export.ndjson", "--format", "md,json"]);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        garden
    }

    fn worklog(&self) -> String {
        self.garden().worklogs().remove(0).1
    }
}

fn section<'a>(worklog: &'a str, heading: &str) -> &'a str {
    worklog.split(heading).nth(1).unwrap_or_default().split("\n---").next().unwrap_or_default()
}

#[test]
fn a_route_that_slows_down_is_told_with_since_when() {
    let mut export = Export::default();
    for at in 0..60 {
        export.request("pier", "00001-abc", at * 30, "/berths", 200, 300 + at % 7);
        export.request("pier", "00001-abc", at * 30 + 1, "/alive", 200, 2);
    }
    for at in 60..80 {
        export.request("pier", "00001-abc", at * 30, "/berths", 200, 4_000 + at % 5 * 10);
        export.request("pier", "00001-abc", at * 30 + 1, "/alive", 200, 2);
    }
    // connections that last are no answers, and what fails is told elsewhere
    for at in 0..40 {
        export.request("pier", "00001-abc", at * 60, "/stream", 101, if at < 20 { 100 } else { 50_000 });
        export.request("pier", "00001-abc", at * 60, "/quay", 404, if at < 20 { 100 } else { 9_000 });
    }
    let worklog = export.worklog();
    let told =
        "`GET /berths` answers in 4.0 s (median of 20) since 2025-03-04T08:30:00Z, in 303.0 ms (median of 60) before";
    let slower = section(&worklog, "## Slower requests");
    assert!(slower.contains(&format!("- **P2:** {told}")), "{worklog}");
    assert!(section(&worklog, "## Executive Summary").contains(told));
    for silent in ["/alive", "/stream", "/quay"] {
        assert!(!slower.contains(silent), "{slower}");
    }
    assert!(!worklog.contains("## Repeated work"));
}

#[test]
fn a_slow_stretch_has_an_end_and_a_slow_revision_a_name() {
    let mut export = Export::default();
    for at in 0..300 {
        let is_slow = (100..150).contains(&at);
        export.request("pier", "00001-abc", at * 10, "/berths", 200, if is_slow { 2_000 } else { 200 } + at % 11);
        // both revisions serve at once
        let (revision, millis) = if at % 2 == 0 { ("00001-abc", 100) } else { ("00002-def", 900) };
        export.request("pier", revision, at * 10, &format!("/ships/{}", 4_000 + at), 200, millis + at % 9);
    }
    let worklog = export.worklog();
    let slower = section(&worklog, "## Slower requests");
    let stretch = "`GET /berths` answered in 2.0 s (median of 50) from 2025-03-04T08:16:40Z to 2025-03-04T08:24:50Z, in 205.0 ms \
                   (median of 100) before and in 205.0 ms (median of 150) after";
    assert!(slower.contains(stretch), "{slower}");
    let revision = "`GET /ships/<*>` answers in 904.0 ms (median of 150) in revision `pier-00002-def`, since \
                    2025-03-04T08:00:10Z; in 104.0 ms (median of 150) in revision `pier-00001-abc`";
    assert!(slower.contains(revision), "{slower}");
}

#[test]
fn a_job_taken_again_and_again_is_told() {
    let mut export = Export::default();
    for at in 0..14 {
        export.message(
            "pier",
            at * 60,
            &format!("Unloading crate {:08x}-1c2d-4e3f-8a9b-0c1d2e3f4a5b at crane {at}", 77 * at + 9),
        );
    }
    for at in 0..8 {
        export.message("pier", 300 + at * 11, "Unloading crate 5f5e1000-1c2d-4e3f-8a9b-0c1d2e3f4a5b at crane 3");
    }
    // said all day, rightly
    for at in 0..200 {
        export.message("pier", at * 5, "worker w-71 is alive");
        export.message("pier", at * 5 + 1, &format!("Greeting of sailor s{} sent", 1000 + at * at % 40));
    }
    let worklog = export.worklog();
    let repeated = section(&worklog, "## Repeated work");
    let told = "`Unloading crate 5f5e1000-1c2d-4e3f-8a9b-0c1d2e3f4a5b at crane 3` is said 8 times within 77.0 s on 1 instance, \
                2025-03-04T08:05:00Z to 2025-03-04T08:06:17Z; the 14 others of its pattern mostly once";
    assert!(repeated.contains(told), "{worklog}");
    assert_eq!(repeated.matches("- **P2:**").count(), 1, "{repeated}");
}

#[test]
fn a_question_without_an_end_is_told_and_one_that_ends_is_not() {
    let mut export = Export::default();
    for at in 0..20 {
        export.message("pier", at * 6, "08:00:00 INFO crate c41d asked. State: queued, 0 events");
        export.message("pier", at * 6 + 1, "08:00:00 INFO crate d52e asked. State: queued, 0 events");
    }
    export.message("pier", 140, "08:02:20 INFO crate d52e asked. State: unloaded, 7 events");
    export.message("pier", 200, "08:03:20 INFO tide is high");
    let worklog = export.worklog();
    let repeated = section(&worklog, "## Repeated work");
    assert!(
        repeated.contains("crate c41d asked. State: queued, 0 events` is said 20 times within 114.0 s"),
        "{worklog}"
    );
    assert!(repeated.contains("no later message says anything else of `c41d`"), "{repeated}");
    assert!(!repeated.contains("d52e"), "{repeated}");
}

/// Charges of five tenants, one each half minute; which ones fail says `is_lost`.
fn charges(export: &mut Export, service: &str, count: usize, mut is_lost: impl FnMut(&str, usize) -> bool) {
    let mut chance = Chance(service.bytes().map(u64::from).sum::<u64>() + 7);
    for at in 0..count {
        let tenant = ["anna", "boris", "clara", "dirk", "emma"][chance.below(5)];
        let side = ["port", "starboard"][chance.below(2)];
        let is_lost = is_lost(tenant, at);
        let said = if is_lost { "failed: bank is closed" } else { "went through" };
        let payload =
            json!({"message": format!("Charge {} {said}", 1000 + chance.below(9000)), "tenant": tenant, "side": side});
        let severity = if is_lost { "ERROR" } else { "INFO" };
        let body = json!({"jsonPayload": payload, "severity": severity, "trace": format!("projects/harbour/traces/{at:032x}")});
        export.add(service, "00001-abc", at * 30, "stdout", &body);
    }
}

#[test]
fn a_tenant_whose_charges_fail_is_told() {
    let mut export = Export::default();
    charges(&mut export, "till", 480, |tenant, at| tenant == "clara" && at > 200 && at % 3 == 0);
    let worklog = export.worklog();
    let told = worklog.lines().filter(|line| line.starts_with("- **Differs:**")).collect::<Vec<_>>();
    assert_eq!(told.len(), 1, "{worklog}");
    assert!(told[0].starts_with("- **Differs:** `tenant` is `clara` in "), "{told:?}");
}

#[test]
fn numbers_that_drift_before_a_failure_are_told_and_counters_are_not() {
    let mut export = Export::default();
    for at in 0..60 {
        export.message(
            "till",
            at * 60,
            &format!("cache hit rate {:.2}, {} lookups", 0.97 - 0.008 * at as f64, at * 7919 % 1000),
        );
        export.message("till", at * 60 + 1, &format!("disk at {}% used", 60 + at / 2));
        export.message("till", at * 60 + 2, &format!("{} orders so far", at * 3));
        if at > 45 {
            export.add(
                "till",
                "00001-abc",
                at * 60 + 3,
                "stdout",
                &json!({"textPayload": "no room left", "severity": "ERROR"}),
            );
        }
    }
    let worklog = export.worklog();
    let drifting = section(&worklog, "## Drifting numbers");
    assert_eq!(drifting.matches("- **P2:**").count(), 2, "{worklog}");
    assert!(drifting.contains("`cache hit rate <*> lookups` falls from 0.925 to 0.545 (medians"), "{drifting}");
    assert!(drifting.contains("`disk at <*>% used` rises from 62.5 to 86.5 (medians"), "{drifting}");
    assert!(drifting.contains("meanwhile cluster 1 begins"), "{drifting}");
}

/// Latencies shuffled in time; crates, numbers and failing charges drawn by chance: of 200 services at most ten may name
/// anything of a kind.
#[test]
fn chance_names_at_most_one_service_in_twenty() {
    let mut chance = Chance(11);
    let mut export = Export::default();
    for number in 0..200 {
        let service = format!("pier-{number:03}");
        let mut latencies: Vec<usize> = (0..60).map(|at| if at < 40 { 300 } else { 4_000 } + at % 7).collect();
        chance.shuffle(&mut latencies);
        for (at, millis) in latencies.iter().enumerate() {
            let revision = if at < 30 { "00001-abc" } else { "00002-def" };
            export.request(&service, revision, at * 30, "/berths", 200, *millis);
        }
        for at in 0..40 {
            let crate_number = chance.below(20);
            let state = ["queued", "lifted", "unloaded"][chance.below(3)];
            export.message(&service, at * 20, &format!("Unloading crate {crate_number:04x}-1c2d at the crane"));
            export.message(
                &service,
                at * 20 + 1,
                &format!("crate {:04x}-7e8f asked. State: {state}", crate_number % 4),
            );
            export.message(&service, at * 20 + 2, &format!("rate 0.{:02}", 10 + chance.below(80)));
        }
        // any tenant's charge may fail
        charges(&mut export, &service, 150, |_, _| chance.below(8) == 0);
    }
    let worklogs = export.garden().worklogs();
    assert_eq!(worklogs.len(), 200);
    let named = |heading: &str| worklogs.iter().filter(|(_, worklog)| worklog.contains(heading)).count();
    let found = ["## Slower requests", "## Repeated work", "## Drifting numbers", "- **Differs:**"].map(named);
    assert!(found.iter().all(|count| *count <= 10), "{found:?}");
}
