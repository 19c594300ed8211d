//! Where entries come from: few places write many entries, so what is read of one is remembered.

use std::sync::Arc;

use rustc_hash::FxHashMap;
use xxhash_rust::xxh3::{xxh3_64, xxh3_64_with_seed};

use super::{
    columns::hash_parts,
    json::{Cursor, Raw, canonical},
    resource::{self, Labels, labels_of},
};

#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Source {
    pub project: String,
    pub resource_type: String,
    /// The short name; services of one name differ in kind, project and place.
    pub service: String,
    pub revision: String,
    pub location: String,
    pub log_id: String,
    pub kind: String,
    pub place: String,
    /// Empty where a label of the entry says it.
    pub instance_id: String,
    /// A filter of the Logs Explorer that finds the service.
    pub filter: String,
    /// All labels of the resource, JSON.
    pub resource_labels: String,
}

#[derive(Debug, Default)]
pub struct KnownSource {
    pub id: u64,
    pub source: Source,
    pub is_request_log: bool,
}

/// What of an entry says where it comes from.
#[derive(Debug, Default, Clone, Copy)]
pub struct Origin<'a> {
    pub resource: Option<Raw<'a>>,
    pub labels: Option<&'a str>,
    pub log_name: &'a str,
    pub log_id: Option<&'a str>,
    /// What an audited act was about.
    pub audited: Option<&'a str>,
}

/// The sources met so far, by the text they were read from.
#[derive(Default)]
pub struct Sources {
    known: FxHashMap<u64, Known>,
}

enum Known {
    Source(Arc<KnownSource>),
    /// The labels of the entry, or what was audited, have a say too.
    ByEntry,
}

/// Beyond this many the memory is cleared.
const KNOWN_LIMIT: usize = 1 << 16;

impl Sources {
    pub fn find(&mut self, origin: Origin<'_>) -> Arc<KnownSource> {
        let resource = origin.resource.map_or("{}", |raw| raw.text);
        let names =
            xxh3_64(origin.log_name.as_bytes()) ^ xxh3_64_with_seed(origin.log_id.unwrap_or_default().as_bytes(), 1);
        let key = xxh3_64_with_seed(resource.as_bytes(), names);
        let key = match self.known.get(&key) {
            Some(Known::Source(known)) => return Arc::clone(known),
            Some(Known::ByEntry) => origin.key_of_entry(key),
            None => key,
        };
        if let Some(Known::Source(known)) = self.known.get(&key) {
            return Arc::clone(known);
        }
        if self.known.len() >= KNOWN_LIMIT {
            self.known.clear();
        }
        let (source, is_by_entry) = Source::read(resource, origin);
        let is_request_log = source.log_id.ends_with("requests") || source.log_id.ends_with("request_log");
        let known = Arc::new(KnownSource { id: source.id(), source, is_request_log });
        let own_key = if is_by_entry { origin.key_of_entry(key) } else { key };
        if is_by_entry {
            self.known.entry(key).or_insert(Known::ByEntry);
        }
        self.known.insert(own_key, Known::Source(Arc::clone(&known)));
        known
    }
}

impl Origin<'_> {
    fn key_of_entry(&self, key: u64) -> u64 {
        let audited = xxh3_64_with_seed(self.audited.unwrap_or_default().as_bytes(), 2);
        xxh3_64_with_seed(self.labels.unwrap_or_default().as_bytes(), key ^ audited)
    }
}

impl Source {
    /// And whether the entry itself had a say, not only its resource and log.
    fn read(resource: &str, origin: Origin<'_>) -> (Self, bool) {
        let (mut resource_type, mut labels, mut raw_labels) = (String::new(), Labels::new(), String::new());
        // the resource was read as part of its entry, so it is JSON
        let _ = Cursor::new(resource).members(|key, value| {
            match key {
                "type" => resource_type = value.text()?.unwrap_or_default().into_owned(),
                "labels" => {
                    let raw = value.raw()?;
                    labels = labels_of(&mut Cursor::new(raw.text));
                    raw_labels = canonical(raw, false).into_owned();
                }
                _ => value.skip()?,
            }
            Ok(())
        });
        let reads_entry = resource::known(&resource_type).is_some_and(|row| row.reads_labels_of_entries());
        let of_entry = match origin.labels.filter(|_| reads_entry) {
            Some(text) => labels_of(&mut Cursor::new(text)),
            None => Labels::new(),
        };
        let found = resource::identify(&resource_type, &labels, &of_entry, origin.audited);
        let label = |names: &[&str]| {
            let is_named = |(key, _): &&(String, String)| names.contains(&key.as_str());
            labels.iter().find(is_named).map(|(_, value)| value.clone()).unwrap_or_default()
        };
        let of_log_name = origin.log_name.strip_prefix("projects/").and_then(|rest| rest.split('/').next());
        let project = Some(label(&["project_id"])).filter(|project| !project.is_empty());
        let source = Source {
            project: project.unwrap_or_else(|| of_log_name.unwrap_or_default().to_owned()),
            service: found.service,
            revision: found.revision,
            location: label(&["location", "region", "zone"]),
            log_id: origin.log_id.map_or_else(|| log_id(origin.log_name), str::to_owned),
            kind: found.kind,
            place: found.place,
            instance_id: found.instance,
            filter: found.filter,
            resource_labels: raw_labels,
            resource_type,
        };
        (source, reads_entry || origin.audited.is_some())
    }

    fn id(&self) -> u64 {
        let Source {
            project, resource_type, service, revision, location, log_id, instance_id, resource_labels, ..
        } = self;
        hash_parts(&[project, resource_type, service, revision, location, log_id, instance_id, resource_labels])
    }
}

/// `projects/p/logs/run.googleapis.com%2Fstdout` to `run.googleapis.com/stdout`.
fn log_id(log_name: &str) -> String {
    let encoded = log_name.rsplit_once("/logs/").map_or(log_name, |(_, id)| id);
    encoded.replace("%2F", "/").replace("%2f", "/")
}
