//! Sentences about a cluster as a whole.

use super::{
    causes::{BeforeRow, LastLineRow},
    cluster::{Cluster, ClusterRow},
    incidents::IncidentRow,
    origin::OriginRow,
    requests::RequestEndRow,
};
use crate::{
    report::{
        filters::{digits, duration, share, span},
        sentence::{Part, Sentence, n, sentence, text, time},
    },
    text::words::{plural, thousands},
};

impl ClusterRow {
    fn is_worse(&self) -> bool {
        self.state_before_end == "regression" && !self.is_back_now
    }

    fn worse_words(&self) -> Sentence {
        let times = n(self.worse_lower.map_or("-".into(), digits), "changes");
        self.worse_by(times)
    }

    fn worse_by(&self, times: Part) -> Sentence {
        sentence![
            "at least ",
            times,
            " times as often in ",
            text(self.worse_revision.as_deref().unwrap_or_default()),
            " as in the revision before"
        ]
    }

    fn escalation(&self) -> Sentence {
        let before = self.busiest_hour_before.unwrap_or(0);
        sentence![format!("{} in the busiest hour, {before} before", thousands(self.busiest_hour))]
    }

    fn absence(&self) -> Sentence {
        sentence!["not seen from ", time(self.gone_ns), " to ", time(self.back_ns), ", while the service logged"]
    }

    /// When and where it was seen last, and what came since that would have shown it.
    fn end(&self) -> Option<Sentence> {
        let since = match self.ended_by.as_deref()? {
            "starts" => format!("{} since without it", plural(self.starts_since, "start")),
            "requests" => format!("{} to the same endpoints succeeded since", plural(self.requests_since, "request")),
            "revisions" => format!("{} since without it", plural(self.revisions_since, "whole revision")),
            _ => self.pause_since(),
        };
        let place = self.end_revision.as_deref().map(|revision| sentence![", in ", text(revision)]);
        Some(sentence![Part::Time(self.last_ns)].and(place).and([sentence![format!("; {since}")]]))
    }

    fn pause_since(&self) -> String {
        let minutes = plural(self.minutes_since, "minute");
        let longest = self
            .longest_pause
            .map_or(String::new(), |longest| format!(", after pauses of {} at most", plural(longest, "minute")));
        format!("{minutes} with entries since without it{longest}")
    }

    /// Why it is in its state.
    pub(super) fn story(&self) -> Option<Sentence> {
        let before = self.story_before_end();
        let Some(end) = self.end() else { return before };
        let before = before
            .filter(|_| self.state_before_end != "unknown")
            .map(|story| sentence![format!("; until then {}: ", self.state_before_end)].and([story]));
        Some(end.and(before))
    }

    fn story_before_end(&self) -> Option<Sentence> {
        Some(match self.state_before_end.as_str() {
            "regression" if self.is_worse() => self.worse_words(),
            "regression" => {
                let quiet = thousands(self.quiet_minutes.unwrap_or(0));
                self.absence().and([sentence![format!(" in {quiet} minutes")]])
            }
            "unknown" => sentence!["too little history"],
            "active" => sentence![format!("{} before the window", plural(self.count_before, "entry"))],
            "escalating" => self.escalation(),
            _ => return None,
        })
    }

    /// `Ended 09:50:12, in api-00012; 12 starts since without it.`
    fn summary_end(&self) -> Option<Sentence> {
        Some(sentence![" Ended "].and([self.end()?, sentence!["."]]))
    }

    fn summary_story(&self) -> Option<Sentence> {
        match self.state_before_end.as_str() {
            "regression" if self.is_worse() => {
                let times = self.worse_lower.map_or("-".into(), digits);
                Some(sentence![" It comes "].and([self.worse_by(times.into()), sentence!["."]]))
            }
            "regression" => Some(sentence![
                " It was absent from ",
                time(self.gone_ns),
                " and is back since ",
                time(self.back_ns),
                " (revision ",
                text(self.back_revision.as_deref().unwrap_or_default()),
                ")."
            ]),
            _ => None,
        }
    }

    pub(super) fn issue_story(&self) -> Option<Sentence> {
        if let Some(end) = self.end() {
            return Some(end);
        }
        match self.state.as_str() {
            "regression" if self.is_worse() => Some(self.worse_words()),
            "regression" => Some(self.absence()),
            "escalating" => Some(self.escalation()),
            _ => None,
        }
    }

    /// `3 events in 45 entries`, where what is told in several entries makes these differ.
    fn how_often(&self) -> String {
        let events = self.entry_count - self.piece_count + self.event_count;
        let entries = plural(self.entry_count, "entry");
        if events == self.entry_count { entries } else { format!("{} in {entries}", plural(events, "event")) }
    }

    /// How often, and when.
    pub(super) fn frequency(&self, incident: Option<&IncidentRow>) -> Sentence {
        let incidents =
            incident.filter(|incident| incident.whole_count > 1 && incident.whole_count != self.entry_count);
        let incidents = incidents.map(|row| sentence![", ", n(plural(row.whole_count, "incident"), "incident_rows")]);
        let places =
            (self.instance_count > 0).then(|| sentence![format!(", on {}", plural(self.instance_count, "instance"))]);
        sentence![n(plural(self.entry_count, "entry"), "cluster_rows")]
            .and(incidents)
            .and([sentence![", ", text(&self.rhythm), ": ", Part::Time(self.first_ns)]])
            .and((self.entry_count > 1).then(|| self.times()))
            .and(places)
    }

    fn times(&self) -> Sentence {
        let pause = self.told_pause().map(|pause| sentence![format!(", one every {}", duration(pause))]);
        sentence![" to ", Part::Time(self.last_ns)].and(pause)
    }

    fn told_pause(&self) -> Option<i64> {
        // below a second, entries of one event come one after the other
        self.pause_ns.filter(|pause| self.entry_count > 2 && *pause >= 1_000_000_000)
    }

    /// Its share, the pieces of events, and how long it lasts.
    pub(super) fn frequency_notes(&self) -> Sentence {
        let share_of_all = share(i64::try_from(self.entry_count).unwrap_or(i64::MAX), self.ranked_count);
        let pieces = (self.piece_count > 0).then(|| {
            let events = plural(self.event_count, "event");
            format!("{} are pieces of {events}", plural(self.piece_count, "entry"))
        });
        let length = (self.entry_count > 1).then(|| format!("first to last {}", span(self.span_ns)));
        let pause = self.told_pause().map(|_| "the pause is the median".to_owned());
        let notes = [Some(format!("{share_of_all} of the window's entries")), pieces, length, pause];
        sentence![notes.into_iter().flatten().collect::<Vec<_>>().join("; ")]
    }
}

/// How often, where and when.
fn summary_head(cluster: &Cluster) -> Sentence {
    let row = &cluster.row;
    let revisions = cluster.cluster_revisions.last().map(|last| {
        let several =
            if row.revision_count > 1 { format!("{} revisions, last ", row.revision_count) } else { String::new() };
        sentence![format!(" in {several}"), text(&last.revision)]
    });
    sentence![n(row.how_often(), "cluster_rows")]
        .and(revisions)
        .and([sentence![", ", Part::Time(row.first_ns)]])
        .and((row.last_ns > row.first_ns).then(|| sentence![" to ", Part::Time(row.last_ns)]))
        .and([sentence!["."]])
}

/// Of a cluster below its cause: what shows that it is an effect stands in its section.
pub(super) fn effect_summary(cluster: &Cluster) -> Sentence {
    summary_head(cluster).and(cluster.row.summary_end()).and(cluster.row.summary_story())
}

/// How often, where and when, and its most important figures.
pub(super) fn summary(cluster: &Cluster) -> Sentence {
    let row = &cluster.row;
    let incidents = cluster.incident_rows.first().filter(|incident| incident.whole_count > 1);
    let ends = cluster.request_ends.first().filter(|end| end.entry_count > 1);
    summary_head(cluster)
        .and(incidents.map(IncidentRow::summary))
        .and(ends.map(RequestEndRow::summary))
        .and(cluster.origins.first().and_then(OriginRow::summary))
        .and(row.summary_end())
        .and(row.summary_story())
        .and(cluster.last_lines.first().and_then(LastLineRow::summary))
        .and(cluster.before_onsets.first().map(BeforeRow::summary))
}
