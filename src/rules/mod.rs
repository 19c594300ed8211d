//! Rules: what the operators of a service know and no log entry says. A rule matches patterns (by template, call site,
//! severity, status ...) and sets what the worklog tells of them: a name, a priority, the impact, what to do first.
//!
//! The user's rules come before the built-in ones. Several rules may match a pattern; each field comes from the first one
//! that sets it. The conditions are evaluated in SQL, for patterns are there; here the files are read and checked.
//! A file may also say which messages are one pattern, and which never are.

pub mod conditions;
mod errors;
mod model;
mod patterns;

use std::collections::HashSet;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};
use toml::Spanned;
use xxhash_rust::xxh3::xxh3_64;

use crate::{custom, mine::pattern::pattern_override::Wish};

pub use conditions::{Op, Pattern, SEVERITIES, Severity, SeverityCondition, StatusRange};
pub use model::{Category, Kind, Match, Priority, Set, Settings, Tier, WorklogTexts};

const BUILT_IN: &str = include_str!("../../data/rules/cloud-run.toml");
const SOURCE_BUILT_IN: &str = "built-in";
const VERSION: i64 = 1;

/// The user's rules, where nothing else is asked for.
const FILE: &str = "gardener.toml";

/// What may stand in braces in the texts of a rule.
pub const PLACEHOLDERS: [&str; 6] = ["service", "revision", "location", "project", "from", "to"];

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
    pub wishes: Vec<Wish>,
    pub worklog: WorklogTexts,
    pub settings: Settings,
    /// Eight hex digits that change with the content of any file of rules.
    pub version_hash: String,
}

impl RuleSet {
    /// What clusters are made of: entries of this severity and above.
    pub fn minimum_severity(&self) -> &'static str {
        self.settings.minimum_severity.map_or("NOTICE", |severity| severity.name())
    }

    pub fn load(user: Option<&Path>) -> Result<RuleSet> {
        let own = Path::new(FILE);
        let Some(path) = user.or(own.is_file().then_some(own)) else {
            return RuleSet::from_texts(None);
        };
        let text = fs::read_to_string(path)
            .with_context(|| format!("cannot read the rules in `{}`, expected a TOML file in UTF-8", path.display()))?;
        let source = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
        let mut rules = RuleSet::from_texts(Some((&path.display().to_string(), &source, &text)))?;
        let own = custom::load(&rules.settings, path.parent().unwrap_or(Path::new("")))?;
        if own != 0 {
            rules.version_hash = hash(&[&rules.version_hash, &own.to_string()]);
        }
        Ok(rules)
    }

    /// `user` is the name to show in errors, the name to keep as the source, and the text.
    fn from_texts(user: Option<(&str, &str, &str)>) -> Result<RuleSet> {
        let built_in = parse("cloud-run.toml", SOURCE_BUILT_IN, BUILT_IN)?;
        let Some((file, source, text)) = user else {
            return Ok(RuleSet { version_hash: hash(&[BUILT_IN]), ..built_in });
        };
        let text = text.trim_start_matches('\u{FEFF}');
        let mut own = parse(file, source, text)?;
        own.rules.extend(built_in.rules);
        own.worklog = first_of(own.worklog, built_in.worklog);
        own.version_hash = hash(&[BUILT_IN, text]);
        Ok(own)
    }
}

fn hash(texts: &[&str]) -> String {
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
    let mut wishes = Vec::with_capacity(content.patterns.len());
    for pattern in content.patterns {
        let span = pattern.id.span();
        let fault = |message: String| errors::at(file, text, Some(span.clone()), &message);
        if let Some(message) = id_fault(pattern.id.get_ref(), &ids) {
            return Err(fault(message));
        }
        ids.insert(pattern.id.get_ref().clone());
        wishes.push(patterns::wish(pattern).map_err(fault)?);
    }
    let version_hash = hash(&[text]);
    Ok(RuleSet { rules, wishes, worklog: content.worklog, settings: content.settings, version_hash })
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
            let message = format!("the key `version` is missing\nhint: begin the file with `version = {VERSION}`");
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
