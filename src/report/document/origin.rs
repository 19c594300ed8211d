//! In which revisions a cluster began and ended.

use serde::{Deserialize, Serialize};

use super::{deployments::SettingChange, view::Viewed};
use crate::{
    report::sentence::{Part, Sentence, code, sentence},
    sql::row::row,
    text::words::{plural, thousands},
};

row! {
    OriginRow of "report/origins" per cluster {
        first_revision: String,
        first_ns: i64,
        /// Revisions that would have shown it, the latest first.
        absent_before: Vec<String>,
        unknown_before: u64,
        uncollected_before: u64,
        /// Revisions between the last of those and the first that shows it.
        unknown_between: Option<u64>,
        last_revision: String,
        last_ns: i64,
        absent_after: Vec<String>,
        /// Those before it that would have shown it and show nothing of P0, the latest first.
        healthy_revisions: Vec<String>,
        healthy_revision: Option<String>,
        /// Earlier revisions that show something of P0, the latest first.
        also_failing: Vec<String>,
        newest_revision: String,
        is_not_in_newest: bool,
    }
}

#[derive(Debug, Clone, Serialize)]
pub struct OriginParts {
    introduced: Option<Sentence>,
    ended: Option<Sentence>,
}

impl Viewed for OriginRow {
    type Parts = OriginParts;

    fn parts(&self) -> OriginParts {
        OriginParts { introduced: self.introduced(), ended: self.ended() }
    }
}

impl OriginRow {
    /// Nothing where no earlier revision was collected.
    fn introduced(&self) -> Option<Sentence> {
        if self.absent_before.is_empty() && self.unknown_before == 0 {
            return None;
        }
        let since = sentence!["first seen in ", code(&self.first_revision), ", ", Part::Time(self.first_ns), "; "];
        let Some(absent) = self.absent_before.first() else { return Some(since.and([self.unknown()])) };
        let between = match self.unknown_between.unwrap_or(0) {
            0 => sentence![],
            count => sentence![format!("; too little is known of the {} between", plural(count, "revision"))],
        };
        let others = match self.absent_before.len() - 1 {
            0 => sentence![],
            count => sentence![format!(" and {} before it", plural(count as u64, "revision"))],
        };
        Some(since.and([sentence![code(absent)], others, sentence![" would have shown it and did not"], between]))
    }

    fn unknown(&self) -> Sentence {
        let why = if self.unknown_before == self.uncollected_before {
            "entries of its severity were not collected of"
        } else {
            "too little was collected of"
        };
        sentence!["it began there or earlier: ", why, " the revisions before"]
    }

    fn ended(&self) -> Option<Sentence> {
        let absent = self.absent_after.first()?;
        let others = match self.absent_after.len() - 1 {
            0 => String::new(),
            count => format!(" and {} after it", plural(count as u64, "revision")),
        };
        Some(sentence![
            "last seen in ",
            code(&self.last_revision),
            ", ",
            Part::Time(self.last_ns),
            "; ",
            code(absent),
            others,
            " would have shown it and did not"
        ])
    }

    /// The revision that brought it, where an earlier one would have shown it, and whether later ones show it.
    pub fn summary(&self) -> Option<Sentence> {
        let first = code(&self.first_revision);
        let brought = self.absent_before.first().map(|absent| match self.unknown_between {
            Some(0) => sentence![" Introduced by ", first, "."],
            _ => sentence![" First seen in ", first, ", not in ", code(absent), "; little is known of those between."],
        });
        let gone = self.gone();
        (brought.is_some() || gone.is_some()).then(|| Sentence::default().and(brought).and(gone))
    }

    /// That later revisions do not show it.
    pub(super) fn gone(&self) -> Option<Sentence> {
        match self.absent_after.first() {
            Some(gone) => Some(sentence![" Not seen any more in ", code(gone), "."]),
            None => {
                let newest = || sentence![" Not seen yet in the newest revision, ", code(&self.newest_revision), "."];
                self.is_not_in_newest.then(newest)
            }
        }
    }
}

row! {
    /// What the revision changed that introduced a cluster.
    OriginSettingsRow of "report/origin_settings" per cluster {
        settings_changed: Vec<SettingChange>,
    }
}

row! {
    /// What the last revisions show of a cluster.
    ProblemRow of "report/problems" per window {
        cluster_number: u64,
        name: String,
        /// Of the service, up to the window's end.
        revision_count: u64,
        cells: Vec<RevisionCell>,
    }
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RevisionCell {
    revision: String,
    entry_count: u64,
    instance_count: u64,
    start_count: u64,
    active_minutes: u64,
    is_collected: bool,
}

#[derive(Debug, Clone, Serialize)]
pub struct ProblemParts {
    /// What each revision shows, in words.
    shown: Vec<String>,
    /// The same without instances.
    counts: Vec<String>,
    /// What each had the chance to show.
    chances: Vec<String>,
}

impl Viewed for ProblemRow {
    type Parts = ProblemParts;

    fn parts(&self) -> ProblemParts {
        ProblemParts {
            shown: self.cells.iter().map(RevisionCell::shown).collect(),
            counts: self.cells.iter().map(RevisionCell::count).collect(),
            chances: self.cells.iter().map(RevisionCell::chance).collect(),
        }
    }
}

impl RevisionCell {
    fn shown(&self) -> String {
        match self.instance_count {
            0 => self.count(),
            instances => format!("{} ({})", self.count(), thousands(instances)),
        }
    }

    fn count(&self) -> String {
        match (self.entry_count, self.is_collected) {
            (0, false) => "not collected".into(),
            (count, _) => thousands(count),
        }
    }

    fn chance(&self) -> String {
        let minutes = plural(self.active_minutes, "minute");
        match self.start_count {
            0 => minutes,
            count => format!("{}, {minutes}", plural(count, "instance")),
        }
    }
}
