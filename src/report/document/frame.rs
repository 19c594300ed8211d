//! What a document says that does not come from entries: its window, how it was made, rules' texts for the whole.

use serde::{Deserialize, Serialize};

use super::view::Viewed;
use crate::{
    config::Config,
    ingest::severity,
    model::window::Window,
    rules::{Priority, Tier},
    time::period::Period,
};

/// Raised when a key of the document changes its meaning or goes.
pub const DOCUMENT_VERSION: u32 = 3;

/// How a document was made: what wrote it, when, from which database.
pub struct Provenance<'a> {
    pub generated_ns: i64,
    pub zone: &'a str,
    pub database: &'a str,
    pub minimum_severity: &'a str,
}

#[derive(Debug, Clone, Serialize)]
pub struct Frame {
    pub document_version: u32,
    pub service: String,
    pub window: WindowFrame,
    pub making: ProvenanceFrame,
    pub texts: Texts,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct WindowFrame {
    pub from_ns: i64,
    pub to_ns: i64,
    pub revision: Option<String>,
    pub asked: String,
    pub focus: String,
    pub zone: String,
    pub minimum_severity: String,
    pub minimum_number: usize,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ProvenanceFrame {
    pub generated_ns: i64,
    pub version: String,
    pub rules_version: String,
    pub shape_version: u64,
    pub database: String,
}

/// Rules' texts that belong to no cluster.
#[derive(Debug, Clone, Serialize)]
pub struct Texts {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub executive: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_steps: Option<String>,
    pub process_notes: Vec<String>,
    pub tier: Vec<AnyTier>,
}

/// A part of the Business Impact Assessment.
#[derive(Debug, Clone, Serialize)]
#[serde(untagged)]
pub enum AnyTier {
    Ruled(Tier),
    /// Of a priority that no rule's tier has.
    Plain {
        priorities: [Priority; 1],
        title: &'static str,
        points: [&'static str; 0],
    },
}

impl Frame {
    pub fn new(window: &Window, period: &Period, config: &Config, making: &Provenance<'_>) -> Self {
        let minimum = severity::NAMES.iter().position(|name| *name == making.minimum_severity).unwrap_or(0);
        Frame {
            document_version: DOCUMENT_VERSION,
            service: window.service.clone(),
            window: WindowFrame {
                from_ns: window.from_ns,
                to_ns: window.to_ns,
                revision: window.revision.clone(),
                asked: period.asked.clone(),
                focus: period.focus.clone(),
                zone: making.zone.to_owned(),
                minimum_severity: making.minimum_severity.to_owned(),
                minimum_number: 100 * minimum,
            },
            making: ProvenanceFrame {
                generated_ns: making.generated_ns,
                version: env!("CARGO_PKG_VERSION").into(),
                rules_version: config.version_hash.clone(),
                shape_version: crate::mine::SHAPE_VERSION,
                database: making.database.to_owned(),
            },
            texts: Texts {
                executive: config.rules.worklog.executive.clone(),
                next_steps: config.rules.worklog.next_steps.clone(),
                process_notes: config.rules.worklog.process_notes.clone(),
                tier: tiers(&config.rules.worklog.tiers),
            },
        }
    }
}

/// What priorities are called.
const TITLES: [(Priority, &str); 5] = [
    (Priority::P0, "Critical"),
    (Priority::P1, "Urgent"),
    (Priority::P2, "High"),
    (Priority::P3, "Medium"),
    (Priority::P4, "Low"),
];

/// By its name; empty for one that is none.
pub fn title_of(priority: &str) -> &'static str {
    TITLES.iter().find(|(known, _)| known.as_str() == priority).map_or("", |(_, title)| title)
}

/// The tiers that rules name, and one for each priority that none of them does, in the order of the priorities.
fn tiers(ruled: &[Tier]) -> Vec<AnyTier> {
    let is_ruled = |priority: Priority| ruled.iter().any(|tier| tier.priorities.contains(&priority));
    let ruled_tiers = ruled.iter().map(|tier| (tier.priorities.first().copied(), AnyTier::Ruled(tier.clone())));
    let others = TITLES.into_iter().filter(|(priority, _)| !is_ruled(*priority));
    let others =
        others.map(|(priority, title)| (Some(priority), AnyTier::Plain { priorities: [priority], title, points: [] }));
    let mut tiers: Vec<_> = ruled_tiers.chain(others).collect();
    tiers.sort_by_key(|(priority, _)| priority.map(Priority::as_str));
    tiers.into_iter().map(|(_, tier)| tier).collect()
}

/// The pages and files beside a worklog of a history.
#[derive(Debug, Clone, Serialize)]
pub struct LinkPages {
    pub index: String,
    pub previous: Option<String>,
    pub next: Option<String>,
    pub index_page: Option<String>,
    pub previous_page: Option<String>,
    pub next_page: Option<String>,
    /// What the pages of the service's clusters begin with.
    pub cluster_prefix: Option<String>,
}

/// The last moment of the window, which its end is no part of.
#[derive(Debug, Clone, Serialize)]
pub struct WindowParts {
    last_ns: i64,
}

impl Viewed for WindowFrame {
    type Parts = WindowParts;

    fn parts(&self) -> WindowParts {
        WindowParts { last_ns: self.to_ns - 1 }
    }
}
