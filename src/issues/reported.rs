//! What an issue was told of a cluster, and what has changed since.

use serde::Serialize;
use xxhash_rust::xxh3::xxh3_64;

use crate::{report::document::cluster::ClusterRevisionRow, text::words::plural};

/// The facts that a comment is about. Kept in the ledger and in the marker, so that either is enough to go on from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Told {
    /// In the archive up to the end of the window.
    pub entry_count: i64,
    pub last_ns: i64,
    pub priority: String,
    pub state: String,
}

impl Told {
    /// Which of two was told last: counts only grow in time.
    pub fn later(one: Option<Told>, other: Option<Told>) -> Option<Told> {
        match (one, other) {
            (Some(one), Some(other)) => {
                let is_later = (other.last_ns, other.entry_count) > (one.last_ns, one.entry_count);
                Some(if is_later { other } else { one })
            }
            (one, other) => one.or(other),
        }
    }

    pub fn fingerprint(&self) -> String {
        let text = format!("{} {} {} {}", self.entry_count, self.last_ns, self.priority, self.state);
        format!("{:016x}", xxh3_64(text.as_bytes()))
    }
}

/// What is new since something was told; without a `before` nobody knows what was.
#[derive(Debug, Clone, Serialize)]
pub struct Changes {
    pub before: Option<Told>,
    pub now: Told,
    pub more_count: i64,
    pub new_revisions: Vec<String>,
}

impl Changes {
    pub fn between(before: Option<Told>, now: &Told, revisions: &[ClusterRevisionRow]) -> Self {
        let told_ns = before.as_ref().map_or(i64::MAX, |told| told.last_ns);
        let new_revisions = revisions.iter().filter(|row| row.first_ns > told_ns);
        Changes {
            more_count: before.as_ref().map_or(0, |told| (now.entry_count - told.entry_count).max(0)),
            new_revisions: new_revisions.map(|row| row.revision.clone()).collect(),
            now: now.clone(),
            before,
        }
    }

    /// Not where the issue knows it all, or more: a window may end before what was told last. A state that calms down
    /// (`new` becomes `active` by itself the next day) is said with the rest, not for itself.
    pub fn is_worth_a_comment(&self) -> bool {
        let Some(before) = &self.before else { return true };
        let alarms = ["new", "regression", "escalating"].contains(&self.now.state.as_str());
        self.now.last_ns >= before.last_ns
            && (self.more_count > 0
                || !self.new_revisions.is_empty()
                || before.priority != self.now.priority
                || alarms && before.state != self.now.state)
    }

    /// In a line, for the plan.
    pub fn words(&self) -> String {
        let Some(before) = &self.before else {
            return "no record of what it was told before".into();
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

    fn told(entry_count: i64, last_ns: i64, state: &str) -> Told {
        Told { entry_count, last_ns, priority: "P1".into(), state: state.into() }
    }

    #[test]
    fn only_news_is_told() {
        let before = told(10, 100, "new");
        let since = |now: &Told| {
            let changes = Changes::between(Some(before.clone()), now, &[]);
            changes.is_worth_a_comment().then_some(changes)
        };
        assert!(since(&told(10, 100, "new")).is_none());
        assert!(since(&told(10, 100, "active")).is_none());
        assert!(since(&told(4, 50, "new")).is_none());
        assert_eq!(since(&told(12, 200, "active")).unwrap().words(), "2 more entries, state new -> active");
        assert_eq!(since(&told(10, 100, "escalating")).unwrap().words(), "state new -> escalating");
        let revision = |revision: &str, first_ns: i64| ClusterRevisionRow {
            window_id: 0,
            lead_id: "a".into(),
            revision: revision.into(),
            entry_count: 1,
            instance_count: 1,
            first_ns,
            last_ns: 200,
            more: Map::new(),
        };
        let revisions = [revision("a", 50), revision("b", 150)];
        let changes = Changes::between(Some(before.clone()), &told(11, 200, "new"), &revisions);
        assert_eq!(changes.words(), "1 more entry, new revision b");
    }
}
