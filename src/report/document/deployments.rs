//! Deployments: what was changed, by whom and with what, and what the settings of two revisions differ in.

use serde::{Deserialize, Serialize};

use super::view::Viewed;
use crate::{
    report::sentence::{Part, Sentence, code, joined, sentence, text},
    sql::row::row,
    text::{escape::one_line, words::plural},
};

row! {
    /// A change of what runs.
    DeploymentRow of "report/deployments" per window {
        change_ns: i64,
        change_key: u64,
        target: String,
        verb: String,
        caller: Option<String>,
        tool: Option<String>,
        effect: Option<String>,
        revision: Option<String>,
        revision_source: Option<String>,
        image: Option<String>,
        image_is_by: Option<String>,
        /// The one listed before it has another.
        names_image: bool,
        settings_changed: Option<Vec<SettingChange>>,
        tells_variables: bool,
        rolled_back_to: Option<RolledBack>,
        failure: Option<String>,
        /// Of the window, those that are listed included.
        change_count: u64,
        /// Of the window, those that changed nothing.
        idle_count: u64,
    }
}

row! {
    /// The settings of the compared revisions in a worklog.
    ComparedSettingsRow of "report/compared_settings" per window {
        settings_changed: Option<Vec<SettingChange>>,
        image_before: Option<String>,
        image_after: Option<String>,
        is_by_digest: Option<bool>,
        is_same_digest: Option<bool>,
        same_commit: Option<String>,
        is_compared: bool,
        tells_variables: bool,
    }
}

row! {
    /// The settings of both sides of a pair.
    PairSettingsRow of "compare/settings" {
        pair_id: usize,
        settings_changed: Option<Vec<SettingChange>>,
        image_before: Option<String>,
        image_after: Option<String>,
        is_by_digest: Option<bool>,
        is_same_digest: Option<bool>,
        same_commit: Option<String>,
        is_compared: bool,
        tells_variables: bool,
    }
}

row! {
    /// When a service was last changed.
    LastDeploymentRow of "show/last_deployments" {
        service: String,
        change_ns: i64,
    }
}

/// A setting that differs from before; of an environment variable no value is known here.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SettingChange {
    pub setting: String,
    /// `added`, `removed` or `changed`.
    pub change: String,
    pub before: Option<String>,
    pub after: Option<String>,
}

/// What an earlier revision had and the new one has again.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RolledBack {
    pub revision: Option<String>,
    /// `traffic`, `template` or `image`.
    pub what: String,
}

/// Settings that a sentence names; more are counted.
const NAMED: usize = 12;
const VARIABLES_UNTOLD: &str = "the audit entries that are compared name no environment variables";

impl SettingChange {
    fn words(&self) -> Sentence {
        for (prefix, has_value) in [("environment variable ", false), ("secret ", true), ("label ", true)] {
            if let Some(name) = self.setting.strip_prefix(prefix) {
                let named = sentence![prefix, code(&one_line(name, 80))];
                return if has_value {
                    named.and([self.values()])
                } else {
                    named.and([sentence![" ", text(&self.change)]])
                };
            }
        }
        sentence![text(&self.setting)].and([self.values()])
    }

    /// For a rule's text: a name, and where a value is no secret from which to which.
    pub fn plain_words(&self) -> String {
        let is_named = ["environment variable ", "secret ", "label "].iter().any(|head| self.setting.starts_with(head));
        let value = |value: &Option<String>| value.as_deref().map_or("none".into(), |value| self.shown(value));
        match is_named {
            true => format!("{} {}", self.setting, self.change),
            false => format!("{} {} to {}", self.setting, value(&self.before), value(&self.after)),
        }
    }

    fn values(&self) -> Sentence {
        let value = |value: &Option<String>| match value {
            Some(value) => code(&self.shown(value)),
            None => "none".into(),
        };
        sentence![" ", value(&self.before), " to ", value(&self.after)]
    }

    /// A commit is known by its first letters.
    fn shown(&self, value: &str) -> String {
        let is_hash = self.setting == "commit" && value.len() >= 40 && value.bytes().all(|b| b.is_ascii_hexdigit());
        if is_hash { value[..7].to_owned() } else { one_line(value, 100) }
    }
}

fn named(changes: &[SettingChange]) -> Sentence {
    let more = changes.len().saturating_sub(NAMED);
    let words = joined(changes.iter().take(NAMED).map(SettingChange::words), "; ");
    words.and((more > 0).then(|| sentence![format!("; {}", plural(more as u64, "more setting"))]))
}

/// What a deployment comes to.
#[derive(Debug, Clone, Serialize)]
pub struct DeploymentParts {
    words: Sentence,
    /// Nothing is known of its environment variables.
    is_untold: bool,
    /// Changes of the window that are not listed.
    more_count: u64,
}

/// How many changes of a window are listed.
const LISTED: u64 = 10;

impl Viewed for DeploymentRow {
    type Parts = DeploymentParts;

    fn parts(&self) -> DeploymentParts {
        let details: Vec<Sentence> = [
            self.rolled_back_to.as_ref().and_then(RolledBack::words),
            self.settings(),
            self.image.as_deref().and_then(|image| self.image(image)),
            self.failure.as_deref().map(|failure| sentence![code(&one_line(failure, 400))]),
        ]
        .into_iter()
        .flatten()
        .collect();
        let details = (!details.is_empty()).then(|| sentence![": "].and([joined(details, "; ")]));
        let by = self.caller.as_ref().map(|caller| sentence![" by ", code(&one_line(caller, 120))]);
        let with = self.tool.as_ref().map(|tool| sentence![" with ", text(&one_line(tool, 60))]);
        DeploymentParts {
            words: sentence![Part::Minute(self.change_ns), ", "].and([self.act()]).and(by).and(with).and(details),
            is_untold: self.settings_changed.is_some() && !self.tells_variables,
            more_count: self.change_count.saturating_sub(LISTED),
        }
    }
}

impl DeploymentRow {
    /// It is another thing than a new revision with the settings of the one before.
    pub(super) fn is_notable(&self) -> bool {
        let changes_settings = self.settings_changed.as_ref().is_some_and(|changes| !changes.is_empty());
        let is_plain = self.effect.as_deref() == Some("revision");
        changes_settings || !is_plain || self.rolled_back_to.is_some() || self.failure.is_some()
    }

    fn act(&self) -> Sentence {
        let revision = self.revision.as_ref().map(|revision| sentence![" ", code(revision)]);
        match self.effect.as_deref() {
            Some("revision") if revision.is_some() => {
                // what entries say is a guess, the other ways are not
                let is_guessed = self.revision_source.as_deref() == Some("first entry");
                let source = is_guessed.then(|| sentence![" (whose entries begin then)"]);
                sentence!["revision"].and(revision).and(source)
            }
            Some("revision") if self.target != "function" => sentence!["a new revision, which no entry names,"],
            Some("traffic") => sentence!["traffic changed"],
            Some("settings") => sentence!["settings changed"],
            Some("removed") => sentence![format!("{} deleted", self.target)],
            Some("build") => sentence!["a build started"],
            Some("refused") => sentence![Part::Strong("refused".into())],
            Some("failed") => {
                let of = revision.map(|revision| sentence![", revision"].and([revision]));
                sentence![Part::Strong("failed".into())].and(of)
            }
            _ => {
                let ending = if self.verb.ends_with('e') { "d" } else { "ed" };
                let with = revision.map(|revision| sentence![", revision"].and([revision]));
                sentence![format!("{} {}{ending}", self.target, self.verb)].and(with)
            }
        }
    }

    fn settings(&self) -> Option<Sentence> {
        let changes = self.settings_changed.as_ref()?;
        Some(if changes.is_empty() { sentence!["no setting changed"] } else { named(changes) })
    }

    /// Where it is another it stands among the settings.
    fn image(&self, image: &str) -> Option<Sentence> {
        let is_told = self.settings_changed.iter().flatten().any(|change| change.setting == "image");
        let is_by_tag = self.image_is_by.as_deref() == Some("tag");
        match (self.effect.as_deref(), is_told) {
            (Some("revision" | "failed"), false) if self.names_image => {
                let by = is_by_tag.then(|| sentence![", named by tag only"]);
                Some(sentence!["image ", code(&one_line(image, 120))].and(by))
            }
            (Some("revision" | "failed"), true) if is_by_tag => Some(sentence!["the image is named by tag only"]),
            _ => None,
        }
    }
}

impl RolledBack {
    fn words(&self) -> Option<Sentence> {
        let what = match self.what.as_str() {
            "traffic" => "back to ",
            "image" => "back to the image of ",
            _ => "back to settings and image of ",
        };
        Some(sentence![Part::Strong("rolled back".into()), ", ", what, code(self.revision.as_deref()?)])
    }
}

/// What is known of two revisions' settings, in words.
#[derive(Debug, Clone, Serialize)]
pub struct SettingsParts {
    words: Sentence,
}

struct Compared<'a> {
    changes: &'a [SettingChange],
    image: [&'a Option<String>; 2],
    is_by_digest: bool,
    is_same_digest: Option<bool>,
    same_commit: &'a Option<String>,
    is_compared: bool,
    tells_variables: bool,
}

impl Compared<'_> {
    fn words(&self) -> Sentence {
        let [before, after] = self.image.map(|image| image.as_deref());
        let other_image = (before != after).then(|| self.image_words(before, after));
        let has_other_commit = self.changes.iter().any(|change| change.setting == "commit");
        let head = match (self.changes.is_empty(), other_image) {
            (false, other_image) => {
                let changes = [Some(named(self.changes)), other_image].into_iter().flatten();
                Some(sentence!["Settings changed: "].and([joined(changes, "; ")]))
            }
            (true, Some(image)) => Some(sentence!["Nothing changed but the "].and([image])),
            (true, None) if self.is_compared => Some(sentence!["No setting changed"]),
            (true, None) => None,
        };
        let untold = (self.is_compared && !self.tells_variables).then(|| sentence![VARIABLES_UNTOLD]);
        let code_words = if has_other_commit { None } else { self.code_words(after, before != after) };
        joined([head, code_words, untold].into_iter().flatten(), "; ").and([sentence!["."]])
    }

    fn image_words(&self, before: Option<&str>, after: Option<&str>) -> Sentence {
        let change = SettingChange {
            setting: "image".into(),
            change: "changed".into(),
            before: before.map(str::to_owned),
            after: after.map(str::to_owned),
        };
        change.words()
    }

    /// Whether the code is another.
    fn code_words(&self, image: Option<&str>, is_named: bool) -> Option<Sentence> {
        if let Some(commit) = self.same_commit {
            let change = SettingChange { setting: "commit".into(), change: String::new(), before: None, after: None };
            return Some(sentence!["the commit is the same, ", code(&change.shown(commit))]);
        }
        match self.is_same_digest {
            Some(true) => return Some(sentence!["the image is the same by its digest"]),
            Some(false) => return Some(sentence!["the image is another by its digest"]),
            None => {}
        }
        let image = image?;
        Some(if self.is_by_digest {
            match self.image[0].as_deref() == Some(image) {
                true => sentence!["the image is the same by its digest"],
                false => return None,
            }
        } else {
            let image = (!is_named).then(|| sentence![", ", code(&one_line(image, 120))]);
            sentence!["the image is named by tag only"]
                .and(image)
                .and([sentence![": whether the code changed cannot be told"]])
        })
    }
}

macro_rules! settings_viewed {
    ($row:ty) => {
        impl Viewed for $row {
            type Parts = SettingsParts;

            fn parts(&self) -> SettingsParts {
                let compared = Compared {
                    changes: self.settings_changed.as_deref().unwrap_or_default(),
                    image: [&self.image_before, &self.image_after],
                    is_by_digest: self.is_by_digest.unwrap_or(false),
                    is_same_digest: self.is_same_digest,
                    same_commit: &self.same_commit,
                    is_compared: self.is_compared,
                    tells_variables: self.tells_variables,
                };
                SettingsParts { words: compared.words() }
            }
        }
    };
}

settings_viewed!(ComparedSettingsRow);
settings_viewed!(PairSettingsRow);
