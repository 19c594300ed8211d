//! What was last reported of a cluster to an issue, and what has changed since.

use serde::Serialize;
use xxhash_rust::xxh3::xxh3_64;

use crate::{report::document::issue::SeenRevisionRow, text::words::plural};

/// The facts that a comment is about. Kept in the ledger and in the marker, so that either is enough to go on from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Reported {
    /// In the archive up to the end of the window.
    pub entry_count: i64,
    pub last_ns: i64,
    pub priority: String,
    pub state: String,
    /// The newest that the cluster was seen in.
    pub revision: Option<String>,
}

impl Reported {
    /// The later of two reports.
    pub fn later(one: Option<Reported>, other: Option<Reported>) -> Option<Reported> {
        match (one, other) {
            (Some(one), Some(other)) => {
                let is_later = (other.last_ns, other.entry_count) > (one.last_ns, one.entry_count);
                Some(if is_later { other } else { one })
            }
            (one, other) => one.or(other),
        }
    }

    pub fn fingerprint(&self) -> String {
        // a newer revision comes with a later entry
        let text = format!("{} {} {} {}", self.entry_count, self.last_ns, self.priority, self.state);
        format!("{:016x}", xxh3_64(text.as_bytes()))
    }
}

/// What is new since the last report; `before` is empty if the last report is unknown.
#[derive(Debug, Clone, Serialize)]
pub struct Changes {
    pub before: Option<Reported>,
    pub now: Reported,
    pub more_count: i64,
    /// Whether the archive still holds all that was reported: then its counts tell the same.
    pub holds_all: bool,
    pub new_revisions: Vec<String>,
}

impl Changes {
    /// `later_count`: the entries after the last report. Where an export brings earlier ones too, the archive holds more
    /// than these; where old files were dropped from it, it may hold less than was reported.
    pub fn between(before: Option<Reported>, now: &Reported, seen: &[SeenRevisionRow], later_count: i64) -> Self {
        let reported_ns = before.as_ref().map_or(i64::MAX, |reported| reported.last_ns);
        let reported_revision = before.as_ref().and_then(|reported| reported.revision.as_ref());
        let is_new = |row: &&SeenRevisionRow| {
            row.first_ns > reported_ns && !row.revision.is_empty() && Some(&row.revision) != reported_revision
        };
        let more_count = before.as_ref().map_or(0, |reported| now.entry_count - reported.entry_count);
        Changes {
            more_count: more_count.max(later_count),
            holds_all: more_count >= later_count,
            new_revisions: seen.iter().filter(is_new).map(|row| row.revision.clone()).collect(),
            now: now.clone(),
            before,
        }
    }

    /// False if the issue already has all of it, or more: a window may end before the last report. A state that calms down
    /// (`new` becomes `active` by itself the next day) is reported with other changes, not alone; an end is news.
    pub fn is_worth_a_comment(&self) -> bool {
        let Some(before) = &self.before else { return true };
        let is_news = ["new", "regression", "escalating", "ended"].contains(&self.now.state.as_str());
        self.now.last_ns >= before.last_ns
            && (self.more_count > 0
                || !self.new_revisions.is_empty()
                || before.priority != self.now.priority
                || is_news && before.state != self.now.state)
    }

    /// In a line, for the plan.
    pub fn words(&self) -> String {
        let Some(before) = &self.before else {
            return "no record of an earlier report".into();
        };
        let mut words = Vec::new();
        if self.more_count > 0 {
            let more = u64::try_from(self.more_count).unwrap_or(0);
            words.push(plural(more, "entry").replacen(' ', " more ", 1));
        }
        if before.priority != self.now.priority {
            words.push(format!("priority {} -> {}", before.priority, self.now.priority));
        }
        if before.state != self.now.state {
            words.push(format!("state {} -> {}", before.state, self.now.state));
        }
        words.extend(self.new_revisions.iter().map(|revision| format!("new revision {revision}")));
        words.join(", ")
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Map;

    use super::*;

    fn reported(entry_count: i64, last_ns: i64, state: &str) -> Reported {
        Reported { entry_count, last_ns, priority: "P1".into(), state: state.into(), revision: Some("a".into()) }
    }

    #[test]
    fn only_news_is_reported() {
        let before = reported(10, 100, "new");
        let since = |now: &Reported| {
            let changes = Changes::between(Some(before.clone()), now, &[], 0);
            changes.is_worth_a_comment().then_some(changes)
        };
        assert!(since(&reported(10, 100, "new")).is_none());
        assert!(since(&reported(10, 100, "active")).is_none());
        assert!(since(&reported(4, 50, "new")).is_none());
        assert_eq!(since(&reported(12, 200, "active")).unwrap().words(), "2 more entries, state new -> active");
        assert_eq!(since(&reported(10, 100, "escalating")).unwrap().words(), "state new -> escalating");
        assert_eq!(since(&reported(10, 100, "ended")).unwrap().words(), "state new -> ended");
        let revision = |revision: &str, first_ns: i64| SeenRevisionRow {
            window_id: 0,
            cluster_id: "a".into(),
            revision: revision.into(),
            first_ns,
            last_ns: 200,
            more: Map::new(),
        };
        let revisions = [revision("c", 50), revision("b", 150), revision("", 150)];
        let changes = Changes::between(Some(before.clone()), &reported(11, 200, "new"), &revisions, 1);
        assert_eq!(changes.words(), "1 more entry, new revision b");
        // where the archive begins after the report, what was reported seems to begin with it
        let changes = Changes::between(Some(before.clone()), &reported(3, 200, "new"), &[revision("a", 150)], 3);
        assert_eq!(changes.words(), "3 more entries");
    }
}
