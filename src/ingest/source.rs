//! Where entries come from: few places write many entries, so what is read of one is remembered.

use std::sync::Arc;

use rustc_hash::FxHashMap;
use xxhash_rust::xxh3::{xxh3_64, xxh3_64_with_seed};

use super::{
    columns::hash_parts,
    json::{Cursor, Raw, Read},
};

#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Source {
    pub project: String,
    pub resource_type: String,
    pub service: String,
    pub revision: String,
    pub location: String,
    pub log_id: String,
}

#[derive(Debug, Default)]
pub struct KnownSource {
    pub id: u64,
    pub source: Source,
    pub is_request_log: bool,
}

/// The sources met so far, by the text they were read from.
#[derive(Default)]
pub struct Sources {
    known: FxHashMap<u64, Arc<KnownSource>>,
}

/// Beyond this many the memory is cleared.
const KNOWN_LIMIT: usize = 1 << 16;

impl Sources {
    pub fn find(&mut self, resource: Option<Raw<'_>>, log_name: &str, log_id: Option<&str>) -> Arc<KnownSource> {
        let resource = resource.map_or("{}", |raw| raw.text);
        let names = xxh3_64(log_name.as_bytes()) ^ xxh3_64_with_seed(log_id.unwrap_or_default().as_bytes(), 1);
        let key = xxh3_64_with_seed(resource.as_bytes(), names);
        if let Some(known) = self.known.get(&key) {
            return Arc::clone(known);
        }
        if self.known.len() >= KNOWN_LIMIT {
            self.known.clear();
        }
        let source = Source::read(resource, log_name, log_id);
        let Source { project, resource_type, service, revision, location, log_id } = &source;
        let id = hash_parts(&[project, resource_type, service, revision, location, log_id]);
        let is_request_log = source.log_id.ends_with("requests");
        let known = Arc::new(KnownSource { id, source, is_request_log });
        self.known.insert(key, Arc::clone(&known));
        known
    }
}

impl Source {
    fn read(resource: &str, log_name: &str, log_id: Option<&str>) -> Self {
        let mut source = Self::default();
        // the resource was read as part of its entry, so it is JSON
        let _ = Cursor::new(resource).members(|key, value| source.take(key, value));
        source.log_id = log_id.map_or_else(|| self::log_id(log_name), str::to_owned);
        if source.project.is_empty() {
            let rest = log_name.strip_prefix("projects/").unwrap_or_default();
            source.project = rest.split('/').next().unwrap_or_default().to_owned();
        }
        if source.service.is_empty() {
            source.service = source.resource_type.clone();
        }
        source
    }

    fn take(&mut self, key: &str, value: &mut Cursor<'_>) -> Read<()> {
        match key {
            "type" => self.resource_type = value.text()?.unwrap_or_default().into_owned(),
            // Log Analytics has the labels as JSON inside a string at times
            "labels" if value.peek() == b'"' => {
                let text = value.text()?.unwrap_or_default();
                let _ = Cursor::new(&text).members(|key, value| self.take_label(key, value));
            }
            "labels" => value.members(|key, value| self.take_label(key, value))?,
            _ => value.skip()?,
        }
        Ok(())
    }

    fn take_label(&mut self, key: &str, value: &mut Cursor<'_>) -> Read<()> {
        let slot = match key {
            "project_id" => &mut self.project,
            "service_name" | "function_name" | "job_name" | "container_name" | "module_id" => &mut self.service,
            "revision_name" | "version_id" | "pod_name" => &mut self.revision,
            "location" | "region" | "zone" => &mut self.location,
            _ => return value.skip(),
        };
        *slot = value.text()?.unwrap_or_default().into_owned();
        Ok(())
    }
}

/// `projects/p/logs/run.googleapis.com%2Fstdout` to `run.googleapis.com/stdout`.
fn log_id(log_name: &str) -> String {
    let encoded = log_name.rsplit_once("/logs/").map_or(log_name, |(_, id)| id);
    encoded.replace("%2F", "/").replace("%2f", "/")
}
