//! Rules: what the operators of a service know and no log entry says. A rule matches patterns (by template, call site,
//! severity, status ...) and sets what the worklog says about them: a name, a priority, the impact, what to do first.
//!
//! The user's rules come before the built-in ones. Several rules may match a pattern; each field comes from the first one
//! that sets it. The conditions are evaluated in SQL, for patterns are there; here the files are read and checked.
//! A file may also say which messages are one pattern, and which never are.

pub mod conditions;
pub mod errors;
mod model;
mod patterns;

use std::collections::HashSet;

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};
use toml::Spanned;
use xxhash_rust::xxh3::xxh3_64;

use crate::mine::pattern::pattern_override::PatternOverride;

pub use crate::config::settings::Settings;
pub use conditions::{Op, Pattern, SEVERITIES, Severity, SeverityCondition, StatusRange};
pub use model::{Category, Kind, Match, Priority, Set, Tier, WorklogTexts};

/// In order of precedence.
const BUILT_IN: [(&str, &str); 3] = [
    ("cloud-run.toml", include_str!("../../data/rules/cloud-run.toml")),
    ("kubernetes.toml", include_str!("../../data/rules/kubernetes.toml")),
    ("programs.toml", include_str!("../../data/rules/programs.toml")),
];
const SOURCE_BUILT_IN: &str = "built-in";
const VERSION: i64 = 1;

/// What may stand in braces in the texts of a rule.
pub const PLACEHOLDERS: [&str; 15] = [
    "service",
    "revision",
    "location",
    "project",
    "from",
    "to",
    "introduced",
    "changed_settings",
    "healthy_revision",
    "healthy_revisions",
    "also_failing",
    "last_lines",
    "before_end",
    "earlier_revision",
    "place",
];

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Rule {
    /// Unique in its file.
    pub id: String,
    /// The file's name, or `built-in`.
    pub source: String,
    #[serde(rename = "match")]
    pub matches: Match,
    pub set: Set,
}

#[derive(Clone, Debug, PartialEq)]
pub struct RuleSet {
    /// In order of precedence: the user's, then the built-in ones.
    pub rules: Vec<Rule>,
    /// What the user wants of patterns.
    pub pattern_overrides: Vec<PatternOverride>,
    pub worklog: WorklogTexts,
    /// Eight hex digits that change with the content of any file of rules.
    pub version_hash: String,
}

impl RuleSet {
    pub fn built_in() -> Result<RuleSet> {
        let files =
            BUILT_IN.iter().map(|(file, text)| parse(file, SOURCE_BUILT_IN, text)).collect::<Result<Vec<_>>>()?;
        let all = |one: RuleSet, next: RuleSet| RuleSet {
            rules: [one.rules, next.rules].concat(),
            pattern_overrides: [one.pattern_overrides, next.pattern_overrides].concat(),
            worklog: first_of(one.worklog, next.worklog),
            version_hash: String::new(),
        };
        let built_in = files.into_iter().reduce(all).context("no built-in rules")?;
        Ok(RuleSet { version_hash: hash(&BUILT_IN.map(|(_, text)| text)), ..built_in })
    }

    /// A file's rules, then the built-in ones. `file` is what errors call it, `source` what its rules keep as theirs.
    pub fn with_built_in(file: &str, source: &str, text: &str) -> Result<RuleSet> {
        let mut own = parse(file, source, text)?;
        let built_in = RuleSet::built_in()?;
        own.rules.extend(built_in.rules);
        own.pattern_overrides.extend(built_in.pattern_overrides);
        own.worklog = first_of(own.worklog, built_in.worklog);
        own.version_hash = hash(&[&built_in.version_hash, text]);
        Ok(own)
    }
}

pub fn hash(texts: &[&str]) -> String {
    let content = texts.join("\0").replace("\r\n", "\n");
    format!("{:08x}", xxh3_64(content.as_bytes()) >> 32)
}

fn first_of(own: WorklogTexts, other: WorklogTexts) -> WorklogTexts {
    WorklogTexts {
        executive: own.executive.or(other.executive),
        next_steps: own.next_steps.or(other.next_steps),
        process_notes: if own.process_notes.is_empty() { other.process_notes } else { own.process_notes },
        tiers: if own.tiers.is_empty() { other.tiers } else { own.tiers },
    }
}

/// One file. `file` is what errors call it.
fn parse(file: &str, source: &str, text: &str) -> Result<RuleSet> {
    check_version(file, text)?;
    let content: model::File = toml::from_str(text).map_err(|error| errors::from_toml(file, text, &error))?;
    let mut rules = Vec::with_capacity(content.rules.len());
    let mut ids = HashSet::new();
    for rule in content.rules {
        if let Some(message) = fault(&rule, &ids) {
            return Err(errors::at(file, text, Some(rule.id.span()), &message));
        }
        let id = rule.id.into_inner();
        ids.insert(id.clone());
        rules.push(Rule { id, source: source.to_owned(), matches: rule.matches, set: rule.set });
    }
    let mut pattern_overrides = Vec::with_capacity(content.patterns.len());
    for pattern in content.patterns {
        let span = pattern.id.span();
        let fault = |message: String| errors::at(file, text, Some(span.clone()), &message);
        if let Some(message) = id_fault(pattern.id.get_ref(), &ids) {
            return Err(fault(message));
        }
        ids.insert(pattern.id.get_ref().clone());
        pattern_overrides.push(patterns::pattern_override(pattern).map_err(fault)?);
    }
    let version_hash = hash(&[text]);
    Ok(RuleSet { rules, pattern_overrides, worklog: content.worklog, version_hash })
}

/// Comes first: a file of another version may have keys that are unknown here.
fn check_version(file: &str, text: &str) -> Result<()> {
    #[derive(Deserialize)]
    struct Header {
        version: Option<Spanned<i64>>,
    }
    let header: Header = toml::from_str(text).map_err(|error| errors::from_toml(file, text, &error))?;
    match header.version {
        Some(version) if *version.get_ref() == VERSION => Ok(()),
        Some(version) => {
            let message = format!(
                "version {} of rules is not supported\nhint: this program reads `version = {VERSION}`",
                version.get_ref()
            );
            Err(errors::at(file, text, Some(version.span()), &message))
        }
        None => {
            let message = format!("the key `version` is missing\nhint: start the file with `version = {VERSION}`");
            Err(errors::at(file, text, Some(0..0), &message))
        }
    }
}

fn id_fault(id: &str, ids: &HashSet<String>) -> Option<String> {
    let is_word = |word: &str| !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    if !id.split('-').all(is_word) {
        return Some(format!(
            "`{id}` is not in kebab-case\nhint: lower case letters, digits and single hyphens, as in `container-exit`"
        ));
    }
    ids.contains(id).then(|| format!("a second rule has the id `{id}`\nhint: an id is unique in its file"))
}

/// What TOML has no way to ask for.
fn fault(rule: &model::FileRule, ids: &HashSet<String>) -> Option<String> {
    let id = rule.id.get_ref();
    if let Some(message) = id_fault(id, ids) {
        return Some(message);
    }
    if rule.matches == Match::default() {
        return Some(format!(
            "the rule `{id}` has no condition and would match everything\nhint: give [rule.match] at least one, for example `template`"
        ));
    }
    (rule.set == Set::default()).then(|| {
        format!(
            "the rule `{id}` sets nothing\nhint: give [rule.set] at least one key, for example `name` or `priority`"
        )
    })
}

#[cfg(test)]
mod tests;
