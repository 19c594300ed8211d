//! The shape of a file of rules, as it is written in TOML.

use serde::{Deserialize, Serialize, de::IgnoredAny};
use toml::Spanned;

use super::conditions::{Pattern, SeverityCondition, StatusRange};

/// The conditions of a rule; all that are given must hold.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Match {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service: Option<Pattern>,
    /// The text of the pattern, variable parts masked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub template: Option<Pattern>,
    /// `module:line function`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub call_site: Option<Pattern>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub severity: Option<SeverityCondition>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exception: Option<Pattern>,
    /// HTTP status of a request entry.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<StatusRange>,
    /// The name of the log, as in `run.googleapis.com%2Fstderr`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub log: Option<Pattern>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<Kind>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    Message,
    Exception,
    Request,
    Audit,
}

impl Kind {
    pub fn as_str(self) -> &'static str {
        match self {
            Kind::Message => "message",
            Kind::Exception => "exception",
            Kind::Request => "request",
            Kind::Audit => "audit",
        }
    }
}

/// What a rule says about the patterns it matches. In texts, `{service}`, `{revision}`, `{location}` and `{project}` stand
/// for those of the cluster.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Set {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub category: Option<Category>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub priority: Option<Priority>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub impact: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub business_impact: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub purpose: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub issue: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub consequences_title: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub consequences: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub actions: Option<Vec<String>>,
    /// Happens in normal operation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expected: Option<bool>,
    /// The entry says that a container or an instance ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ends_instance: Option<bool>,
    /// The entry says that a start-up did not succeed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_startup_failure: Option<bool>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Category {
    New,
    Regression,
    ActiveDev,
    Escalated,
}

impl Category {
    /// As in a title, behind `GCP-`.
    pub fn as_str(self) -> &'static str {
        match self {
            Category::New => "new",
            Category::Regression => "regression",
            Category::ActiveDev => "active-dev",
            Category::Escalated => "escalated",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Priority {
    P0,
    P1,
    P2,
    P3,
    P4,
}

crate::schema::described_as!({"type": "string", "enum": ["P0", "P1", "P2", "P3", "P4"]}: Priority;);

impl Priority {
    pub fn as_str(self) -> &'static str {
        ["P0", "P1", "P2", "P3", "P4"][self as usize]
    }
}

/// Texts of the document that belong to no cluster.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct WorklogTexts {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub executive: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_steps: Option<String>,
    pub process_notes: Vec<String>,
    #[serde(rename = "tier")]
    pub tiers: Vec<Tier>,
}

/// A part of the Business Impact Assessment: the clusters of these priorities.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tier {
    pub priorities: Vec<Priority>,
    pub title: Option<String>,
    pub heading: Option<String>,
    pub text: Option<String>,
    #[serde(default)]
    pub points: Vec<String>,
    pub risk_label: Option<String>,
    pub risk: Option<String>,
}

/// A file, positions kept where an error may have to point.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    #[expect(dead_code, reason = "checked before the rest is read; named here to be a known key")]
    version: i64,
    #[serde(default, rename = "rule")]
    pub rules: Vec<FileRule>,
    #[serde(default, rename = "pattern")]
    pub patterns: Vec<FilePattern>,
    #[serde(default)]
    pub worklog: WorklogTexts,
    #[expect(dead_code, reason = "read as `config::settings`; named here to be a known key")]
    #[serde(default)]
    settings: IgnoredAny,
    #[expect(dead_code, reason = "read as `config::repositories`; named here to be a known key")]
    #[serde(default)]
    repository: IgnoredAny,
}

/// A word on patterns themselves: `template` makes what fits it (or any of `messages`) one pattern, `apart` keeps what
/// fits one of its messages out of patterns with anything else. Values are written as `<*>`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FilePattern {
    pub id: Spanned<String>,
    pub template: Option<String>,
    #[serde(default)]
    pub messages: Vec<String>,
    #[serde(default)]
    pub apart: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FileRule {
    pub id: Spanned<String>,
    #[serde(rename = "match")]
    pub matches: Match,
    pub set: Set,
}
