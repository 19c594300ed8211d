//! Entries as a script around the Python client writes them: every key always there, null where there is nothing.

use std::cmp::Reverse;

use serde_json::{Map, Value, json};

use super::super::clock::{MICRO, SECOND, latency, with_offset};
use super::super::rng::{Rng, scatter32};
use super::plan::{PROJECT, SERVICE, Start};

pub(super) struct Site {
    pub module: &'static str,
    pub function: &'static str,
    pub line: u32,
}

struct Told {
    at: i64,
    severity: &'static str,
    entry: Value,
}

pub(super) struct Dump {
    told: Vec<Told>,
    salt: u32,
}

impl Dump {
    pub(super) fn new(mut rng: Rng) -> Self {
        Dump { told: Vec::new(), salt: rng.word() as u32 }
    }

    /// A message of the application
    pub(super) fn message(&mut self, at: i64, start: &Start, severity: &'static str, site: &Site, text: &str) {
        self.message_with(at, start, severity, site, text, json!({}));
    }

    /// A message of the application with more fields in its payload
    pub(super) fn message_with(
        &mut self,
        at: i64,
        start: &Start,
        severity: &'static str,
        site: &Site,
        text: &str,
        fields: Value,
    ) {
        let mut payload = json!({
            "message": text,
            "timestamp": with_offset(at - 2_310 * MICRO),
            "labels": {"line": site.line.to_string(), "module": site.module, "function": site.function},
        });
        if let (Value::Object(payload), Value::Object(fields)) = (&mut payload, fields) {
            payload.extend(fields);
        }
        let labels = json!({"instanceId": start.instance_id, "release-train": "october"});
        self.tell(at, severity, start.revision, labels, json!({"jsonPayload": payload}));
    }

    /// What the platform says about a container
    pub(super) fn system(&mut self, at: i64, start: &Start, severity: &'static str, text: &str) {
        let labels = json!({
            "instanceId": start.instance_id,
            "container_name": "ferry-api-1",
            "release-train": "october",
        });
        self.tell(at, severity, start.revision, labels, json!({"jsonPayload": {}, "textPayload": text}));
    }

    /// A request that failed: `took` is from its timestamp to its end
    pub(super) fn failed_request(&mut self, at: i64, took: i64, start: &Start, text: &str, rng: &mut Rng) {
        let labels = json!({"instanceId": start.instance_id, "release-train": "october"});
        let parts = json!({
            "jsonPayload": {},
            "textPayload": text,
            "httpRequest": {
                "method": "GET",
                "url": "https://api.ferry.example/health",
                "status": 503,
                "userAgent": "ferry-watch/2.0",
                "latency": latency(took),
            },
            "trace": format!("projects/{PROJECT}/traces/{}", rng.hex(32)),
            "spanId": rng.hex(16),
        });
        self.tell(at, "ERROR", start.revision, labels, parts);
    }

    pub(super) fn audit(&mut self, at: i64, payload: Value) {
        self.tell(at, "NOTICE", "", json!({}), json!({"jsonPayload": payload}));
    }

    fn tell(&mut self, at: i64, severity: &'static str, revision: &str, labels: Value, parts: Value) {
        let configuration = if revision.is_empty() { "" } else { SERVICE };
        let mut entry = Map::new();
        entry.insert("timestamp".to_owned(), json!(with_offset(at)));
        entry.insert("severity".to_owned(), json!(severity));
        entry.insert("insertId".to_owned(), json!(self.insert_id(at)));
        entry.insert(
            "resource".to_owned(),
            json!({"type": "cloud_run_revision", "labels": {
                "revision_name": revision,
                "configuration_name": configuration,
                "location": "europe-north1",
                "service_name": SERVICE,
                "project_id": PROJECT,
            }}),
        );
        entry.insert("labels".to_owned(), labels);
        for key in ["jsonPayload", "textPayload", "httpRequest", "trace", "spanId"] {
            entry.insert(key.to_owned(), parts[key].clone());
        }
        self.told.push(Told { at, severity, entry: Value::Object(entry) });
    }

    fn insert_id(&self, at: i64) -> String {
        let scattered = scatter32(self.told.len() as u32 ^ self.salt);
        format!("{:08x}{:08x}{scattered:08x}", at / SECOND, at % SECOND / MICRO)
    }

    /// The newest entries of each severity, newest first, and how many each severity has
    pub(super) fn cut(mut self, limit: usize) -> (Map<String, Value>, Vec<Value>) {
        self.told.sort_by_key(|told| Reverse(told.at));
        let mut taken = [("NOTICE", 0), ("ERROR", 0), ("WARNING", 0)];
        self.told.retain(|told| {
            let count = taken.iter_mut().find(|(severity, _)| *severity == told.severity);
            count.is_some_and(|(_, count)| {
                *count += 1;
                *count <= limit
            })
        });
        let counts = taken.iter().map(|(severity, count)| ((*severity).to_owned(), json!(limit.min(*count)))).collect();
        (counts, self.told.into_iter().map(|told| told.entry).collect())
    }
}
