//! The small archive: three days of two Cloud Run services, told by scenarios.
//!
//! A scenario is one file with a `tell` that puts entries on the [`Scenario`]; here they are sorted by time, given their
//! insertIds, and written as a sink writes them. A new scenario is a new file and a line in [`SCENARIOS`].

mod auth_failures;
mod auth_service;
mod circuit_breaker;
mod connections;
mod deployments;
mod entry;
pub(super) mod fleet;
mod traffic;
mod validator;
mod websocket;

use std::io::{self, Write};

use self::{
    connections::Connection,
    entry::Entry,
    fleet::{Instance, instances},
};
use super::{
    Layout,
    clock::{MICRO, MILLI, SECOND, at},
    rng::{Rng, scatter32},
};

type Tell = fn(&mut Scenario, &mut Rng);

const SCENARIOS: &[(&str, Tell)] = &[
    ("deployments", deployments::tell),
    ("traffic", traffic::tell),
    ("auth_failures", auth_failures::tell),
    ("websocket", websocket::tell),
    ("circuit_breaker", circuit_breaker::tell),
    ("validator", validator::tell),
    ("auth_service", auth_service::tell),
];

const FIRST: &str = "2025-09-12T00:00:00Z";
/// The last entry, a warning of the validator
const LAST: &str = "2025-09-14T14:47:29.848671Z";

/// What the scenarios share: who runs when, who connects when, and the entries told so far
struct Scenario {
    instances: Vec<Instance>,
    connections: Vec<Connection>,
    entries: Vec<Entry>,
}

impl Scenario {
    fn new(seed: u64) -> Self {
        Scenario {
            instances: instances(&mut Rng::named(seed, "instances")),
            connections: connections::schedule(&mut Rng::named(seed, "connections")),
            entries: Vec::new(),
        }
    }

    /// The instance that serves `service` at that time; where there are several, `draw` decides
    fn serving(&self, service: &str, at: i64, draw: u64) -> Instance {
        let serving: Vec<&Instance> = self
            .instances
            .iter()
            .filter(|instance| instance.service == service && instance.serves_from <= at && at < instance.until)
            .collect();
        let index = draw as usize % serving.len();
        serving[index].clone()
    }

    fn tell(&mut self, entry: Entry) {
        self.entries.push(entry);
    }
}

pub(super) fn write(out: &mut dyn Write, seed: u64, layout: Layout) -> io::Result<()> {
    let mut scenario = Scenario::new(seed);
    for (name, tell) in SCENARIOS {
        tell(&mut scenario, &mut Rng::named(seed, name));
    }
    let mut entries = scenario.entries;
    entries.retain(|entry| (at(FIRST)..=at(LAST)).contains(&entry.at));
    entries.sort_by_key(|entry| entry.at);
    let mut rng = Rng::named(seed, "delivery");
    let salt = rng.word() as u32;
    out.write_all(layout.open())?;
    for (index, entry) in entries.iter().enumerate() {
        if index > 0 {
            out.write_all(layout.between())?;
        }
        let insert_id = insert_id(entry, scatter32(index as u32 ^ salt));
        let received_at = entry.at + rng.between(20, 420) * MILLI + rng.between(0, 999_999);
        serde_json::to_writer(&mut *out, &entry.to_json(&insert_id, received_at))?;
    }
    out.write_all(layout.close(entries.is_empty()))
}

/// Seconds, microseconds and 32 scattered bits in hex; short and in base 36 for audit entries
fn insert_id(entry: &Entry, scattered: u32) -> String {
    if entry.is_audit() {
        return base36((u64::from(scattered) << 28) | 0x0b5_47e1);
    }
    let micros = entry.at % SECOND / MICRO;
    format!("{:08x}{micros:08x}{scattered:08x}", entry.at / SECOND)
}

fn base36(mut number: u64) -> String {
    let mut digits = Vec::new();
    while number > 0 {
        digits.push(b"0123456789abcdefghijklmnopqrstuvwxyz"[(number % 36) as usize]);
        number /= 36;
    }
    digits.iter().rev().map(|digit| char::from(*digit)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;
    use std::collections::{HashMap, HashSet};

    fn told(seed: u64) -> Vec<Value> {
        let mut bytes = Vec::new();
        write(&mut bytes, seed, Layout::Ndjson).unwrap();
        let text = String::from_utf8(bytes).unwrap();
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    fn messages<'a>(entries: &'a [Value], part: &str) -> Vec<&'a Value> {
        let holds = |entry: &&Value| entry["jsonPayload"]["message"].as_str().is_some_and(|text| text.contains(part));
        entries.iter().filter(holds).collect()
    }

    #[test]
    fn any_seed_tells_about_two_thousand_entries_with_their_own_ids() {
        for seed in [1, 2, 3, 42, u64::MAX] {
            let entries = told(seed);
            assert!((1_900..=2_200).contains(&entries.len()), "{} entries", entries.len());
            let ids: HashSet<&str> = entries.iter().map(|entry| entry["insertId"].as_str().unwrap()).collect();
            assert_eq!(ids.len(), entries.len());
        }
    }

    #[test]
    fn the_last_entry_is_the_validators() {
        for seed in [1, 42] {
            let entries = told(seed);
            let last = entries.last().unwrap();
            assert_eq!(last["timestamp"], LAST);
            assert_eq!(last["severity"], "WARNING");
            assert_eq!(last["jsonPayload"]["labels"]["line"], "137");
        }
    }

    #[test]
    fn the_times_of_the_seed_are_in_it() {
        let entries = told(42);
        for (part, time) in [
            ("CRITICAL_AUTH_FAILURE", "2025-09-14T14:35:59.682542Z"),
            ("Message loop error", "2025-09-14T14:44:35.091989Z"),
            ("main_a1173694", "2025-09-14T14:47:29.838990Z"),
        ] {
            let found = messages(&entries, part);
            assert!(found.iter().any(|entry| entry["timestamp"] == time), "{part} at {time}");
        }
        for id in ["main_425feaa4", "main_f1b724a3"] {
            assert!(!messages(&entries, id).is_empty(), "{id}");
        }
    }

    #[test]
    fn the_auth_failure_is_a_regression() {
        let entries = told(42);
        let mut by_revision: HashMap<&str, usize> = HashMap::new();
        for entry in messages(&entries, "CRITICAL_AUTH_FAILURE") {
            let revision = entry["resource"]["labels"]["revision_name"].as_str().unwrap();
            *by_revision.entry(revision).or_default() += 1;
        }
        assert_eq!(by_revision.get("orchard-backend-staging-00609-xk2"), Some(&6));
        assert_eq!(by_revision.get("orchard-backend-staging-00610-wq7"), None);
        assert_eq!(by_revision.get("orchard-backend-staging-00611-cr5"), Some(&14));
    }
}
