//! What a colleague would say first: whether the service is down, what share fails, whether it goes on, and how much of it is known.

use super::{
    cluster::{Cluster, MemberRow},
    window::TotalsRow,
};
use crate::{
    report::{
        filters::{share, span},
        sentence::{Part, Sentence, code, n, sentence},
    },
    sql::row::row,
    text::words::{plural, thousands},
};

/// Shorter pauses between urgent entries are none.
const LONG_NS: i64 = 300_000_000_000;

row! {
    /// Requests, starts of the newest revision, and what is urgent.
    VerdictRow of "report/verdict" per window {
        request_count: u64,
        success_count: u64,
        server_error_count: u64,
        newest_revision: Option<String>,
        start_count: u64,
        failed_start_count: u64,
        newest_success_count: u64,
        urgent_count: u64,
        critical_count: u64,
        last_urgent_ns: Option<i64>,
        last_ns: Option<i64>,
        refused_count: u64,
        request_since_count: u64,
        success_since_count: u64,
        /// What is urgent has ended, or is quiet at least.
        is_over: bool,
        has_ended: bool,
    }
}

impl VerdictRow {
    pub fn words(&self) -> Sentence {
        self.state().and([self.starts(), self.requests(), self.course()].into_iter().flatten())
    }

    /// Four of five instances of the newest revision, and none that answered.
    fn starts_fail(&self) -> bool {
        self.failed_start_count > 0
            && self.failed_start_count * 5 >= self.start_count * 4
            && self.newest_success_count == 0
    }

    fn fails_at_least(&self, percent: u64) -> bool {
        self.server_error_count * 100 >= self.request_count * percent
    }

    fn state(&self) -> Sentence {
        let (now, before) = if self.starts_fail() && self.success_count == 0 && self.request_count > 0 {
            ("The service is down.", "The service was down.")
        } else if self.starts_fail() {
            ("The newest revision does not start.", "The newest revision did not start.")
        } else if self.success_count > 0 && self.server_error_count > 0 {
            match () {
                () if self.fails_at_least(90) => ("The service is down.", "The service was down."),
                () if self.fails_at_least(5) => ("The service is degraded.", "The service was degraded."),
                () => ("The service fails in part.", "The service failed in part."),
            }
        } else if self.server_error_count > 0 {
            ("Requests fail.", "Requests failed.")
        } else if self.critical_count > 0 {
            ("Something critical fails.", "Something critical failed.")
        } else if self.urgent_count > 0 {
            ("Something fails.", "Something failed.")
        } else {
            ("Nothing urgent was found.", "Nothing urgent was found.")
        };
        // quiet is an end where requests succeeded since
        let words = if self.has_ended || self.is_over && self.success_since_count > 0 { before } else { now };
        sentence![Part::Strong(words.into())]
    }

    fn starts(&self) -> Option<Sentence> {
        let revision = self.newest_revision.as_ref().filter(|_| self.failed_start_count > 0)?;
        Some(sentence![
            " ",
            n(thousands(self.failed_start_count), "verdict"),
            format!(" of {} of the newest revision, ", plural(self.start_count, "instance")),
            code(revision),
            ", failed to start."
        ])
    }

    fn requests(&self) -> Option<Sentence> {
        let count = |count: u64| n(thousands(count), "verdict");
        let failed = self.server_error_count;
        if self.request_count == 0 {
            return (self.urgent_count > 0)
                .then(|| sentence![" No request was collected: what users met is not known."]);
        }
        if self.success_count == 0 && failed > 0 {
            let requests = n(plural(failed, "request"), "verdict");
            return Some(sentence![
                " ",
                requests,
                " ended with 5xx; none that succeeded was collected, so their share is not known."
            ]);
        }
        if failed == 0 {
            let of = plural(self.request_count, "request");
            return match (self.refused_count, self.urgent_count) {
                (0, 0) => None,
                (0, _) => Some(sentence![format!(" None of {of} ended with 5xx.")]),
                (refused, _) => Some(sentence![" ", count(refused), format!(" of {of} were refused with 401 or 403.")]),
            };
        }
        let of_all =
            share(i64::try_from(failed).unwrap_or(i64::MAX), i64::try_from(self.request_count).unwrap_or(i64::MAX));
        Some(sentence![
            " ",
            count(failed),
            format!(" of {} ({of_all}) ended with 5xx.", plural(self.request_count, "request"))
        ])
    }

    /// Whether it goes on.
    fn course(&self) -> Option<Sentence> {
        let (last_urgent, last) = (self.last_urgent_ns?, self.last_ns?);
        let quiet = last.saturating_sub(last_urgent);
        if !self.is_over && quiet < LONG_NS {
            return Some(sentence![" Urgent entries go on to the end, ", Part::Minute(last), "."]);
        }
        let since = match (self.is_over, self.request_since_count, self.success_since_count) {
            (false, ..) => ": not long enough to say that all of it has ended".into(),
            (true, 0, _) | (true, _, 0) => String::new(),
            (true, requests, successes) => {
                format!("; since then {} of {} succeeded", thousands(successes), plural(requests, "request"))
            }
        };
        Some(sentence![
            " The last urgent entry is of ",
            Part::Minute(last_urgent),
            format!(", {} before the last entry of all{since}.", span(quiet))
        ])
    }
}

/// The most urgent cluster, if it is of P0 to P2.
fn most_urgent(clusters: &[Cluster]) -> Option<&Cluster> {
    clusters.first().filter(|cluster| cluster.row.priority.as_str() <= "P2")
}

/// What to do first: the first action of what is most urgent.
pub fn first_action(clusters: &[Cluster]) -> Option<&str> {
    most_urgent(clusters)?.row.actions.first().map(String::as_str)
}

/// Where what is most urgent was written.
pub fn first_place(clusters: &[Cluster]) -> Option<&MemberRow> {
    most_urgent(clusters)?.members.first().filter(|lead| lead.call_module.is_some())
}

/// Whether anything is known of the service from before the window.
pub fn has_history(clusters: &[Cluster]) -> bool {
    clusters.first().is_some_and(|cluster| cluster.row.minutes_before > 0)
}

/// How much is known, where that is not all.
pub fn known_part(file_count: usize, cut_count: usize, totals: &TotalsRow, has_history: bool) -> Option<Sentence> {
    let cut = (cut_count > 0).then(|| {
        let of_files =
            if file_count == 1 { "the file is".into() } else { format!("{cut_count} of {file_count} files are") };
        sentence![format!("{of_files} cut by the collection, so counts are lower bounds")]
    });
    let bare = (totals.no_payload_count > 0)
        .then(|| sentence![format!("{} without payload", plural(totals.no_payload_count, "entry"))]);
    let before = (!has_history).then(|| sentence!["nothing was collected from before the window"]);
    let parts: Vec<Sentence> = [cut, bare, before].into_iter().flatten().collect();
    (!parts.is_empty()).then(|| crate::report::sentence::joined(parts, "; "))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// What a window is called in which of all requests so many succeeded and failed, and of so many starts so many failed.
    fn state(success_count: u64, server_error_count: u64, start_count: u64, failed_start_count: u64) -> String {
        let row: VerdictRow = serde_json::from_value(json!({
            "window_id": 0,
            "request_count": success_count + server_error_count,
            "success_count": success_count,
            "server_error_count": server_error_count,
            "newest_revision": "r2",
            "start_count": start_count,
            "failed_start_count": failed_start_count,
            "newest_success_count": 0,
            "urgent_count": 1,
            "critical_count": 0,
            "last_urgent_ns": 0,
            "last_ns": 0,
            "refused_count": 0,
            "request_since_count": 0,
            "success_since_count": 0,
            "is_over": false,
            "has_ended": false,
        }))
        .unwrap();
        match row.words().0.first() {
            Some(Part::Strong(words)) => words.clone(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn the_share_that_fails_names_the_state() {
        assert_eq!(state(10, 90, 0, 0), "The service is down.");
        assert_eq!(state(11, 89, 0, 0), "The service is degraded.");
        assert_eq!(state(95, 5, 0, 0), "The service is degraded.");
        assert_eq!(state(96, 4, 0, 0), "The service fails in part.");
    }

    #[test]
    fn a_share_is_claimed_only_where_successes_were_collected() {
        assert_eq!(state(0, 90, 0, 0), "Requests fail.");
        assert_eq!(state(0, 0, 0, 0), "Something fails.");
    }

    #[test]
    fn starts_that_fail_are_an_outage_unless_others_answer() {
        assert_eq!(state(0, 90, 5, 4), "The service is down.");
        assert_eq!(state(0, 0, 5, 3), "Something fails.");
        assert_eq!(state(90, 0, 5, 4), "The newest revision does not start.");
    }
}
