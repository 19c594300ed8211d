//! What changed: from one revision to the next, from one worklog to the next.

use serde::{Deserialize, Serialize};

use super::view::Viewed;
use crate::{
    report::{
        filters::exposure,
        sentence::{Part, Sentence, code, n, sentence, text},
    },
    sql::row::row,
    text::{
        escape::one_line,
        words::{plural, thousands},
    },
};

row! {
    /// A problem compared between the window's last revision and the one before.
    ChangeRow of "report/changes" per window {
        service: String,
        pattern_id: String,
        collected_severity: String,
        base_count: u64,
        target_count: u64,
        exposure_unit: String,
        base_exposure: f64,
        target_exposure: f64,
        base_covered_minutes: u64,
        target_covered_minutes: u64,
        base_instances: u64,
        target_instances: u64,
        base_blanks: u64,
        target_blanks: u64,
        dispersion: f64,
        ratio_lower: Option<f64>,
        q: Option<f64>,
        ratio: Option<f64>,
        verdict: String,
        ratio_upper: Option<f64>,
        base_severity: Option<String>,
        target_severity: Option<String>,
        severity_number: i64,
        reason: Option<String>,
        template: String,
        cluster_id: Option<String>,
        is_reportable: bool,
        excess_count: Option<f64>,
        cluster_number: Option<u64>,
        kind: Option<String>,
    }
}

row! {
    /// Which revisions are compared, and what both had the chance to show.
    ComparisonRow of "report/comparison" per window {
        base_revision: String,
        base_from_ns: i64,
        base_to_ns: i64,
        target_revision: String,
        target_from_ns: i64,
        target_to_ns: i64,
        exposures: Option<Vec<Exposure>>,
    }
}

/// What entries of some severities are counted against.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Exposure {
    pub severities: Vec<String>,
    pub unit: String,
    pub base_exposure: f64,
    pub target_exposure: f64,
}

row! {
    /// A cluster that came, went, or changed its place since the worklog before.
    SinceLastRow of "report/since_last" per window {
        name: String,
        cluster_number: Option<u64>,
        number_before: Option<u64>,
        priority: Option<String>,
        priority_before: Option<String>,
        state: Option<String>,
        state_before: Option<String>,
        entry_count: Option<u64>,
        count_before: Option<u64>,
        change: String,
    }
}

row! {
    LastWorklogRow of "report/last_worklog" per window {
        from_ns: i64,
        to_ns: i64,
    }
}

row! {
    ResolvedRow of "report/resolved" per window {
        cluster_id: String,
        name: String,
        last_ns: i64,
        active_hours: u64,
        entry_count: u64,
        quiet_minutes: u64,
    }
}

/// Counts that vary this much more than by chance are marked as uneven.
const UNEVEN: f64 = 1.5;

/// What a comparison of a pattern comes to.
#[derive(Debug, Clone, Serialize)]
pub struct ChangeParts {
    /// Of the target, else of the base.
    pub shown_severity: Option<String>,
    /// Of the base, where the target has another and the severity is no matter of the status.
    pub severity_before: Option<String>,
    pub is_uneven: bool,
    /// For sure: neither the same nor too rare to tell.
    pub is_sure: bool,
}

pub(super) fn change_parts(
    verdict: &str,
    (base, target): (&Option<String>, &Option<String>),
    kind: &Option<String>,
    dispersion: f64,
) -> ChangeParts {
    let has_moved = base.is_some() && target.is_some() && base != target && kind.as_deref() != Some("request");
    ChangeParts {
        shown_severity: target.clone().or_else(|| base.clone()),
        severity_before: base.clone().filter(|_| has_moved),
        is_uneven: dispersion > UNEVEN,
        is_sure: !["same", "too little traffic", "not collected", "reworded"].contains(&verdict),
    }
}

impl Viewed for ChangeRow {
    type Parts = ChangeParts;

    fn parts(&self) -> ChangeParts {
        change_parts(&self.verdict, (&self.base_severity, &self.target_severity), &self.kind, self.dispersion)
    }
}

/// What the comparison is of.
#[derive(Debug, Clone, Serialize)]
pub struct ComparisonParts {
    words: Sentence,
    /// Both sides and their times.
    sides: Sentence,
    exposure_words: Vec<Sentence>,
}

impl Viewed for ComparisonRow {
    type Parts = ComparisonParts;

    fn parts(&self) -> ComparisonParts {
        let exposures = self.exposures.iter().flatten();
        let side = |revision: &str, from: i64, to: i64| {
            sentence![code(revision), " (", Part::Minute(from), " to ", Part::Minute(to), ")"]
        };
        let base = side(&self.base_revision, self.base_from_ns, self.base_to_ns);
        ComparisonParts {
            sides: side(&self.target_revision, self.target_from_ns, self.target_to_ns)
                .and([sentence![" against "], base]),
            words: sentence![
                "At most the first 14 days of ",
                code(&self.target_revision),
                " (",
                Part::Minute(self.target_from_ns),
                " to ",
                Part::Minute(self.target_to_ns),
                ") are compared with at most the last 14 days of ",
                code(&self.base_revision),
                " (",
                Part::Minute(self.base_from_ns),
                " to ",
                Part::Minute(self.base_to_ns),
                "). Ratios are of rates, with an exact 95 % interval. Exposure:"
            ],
            exposure_words: exposures.map(Exposure::words).collect(),
        }
    }
}

impl Exposure {
    fn words(&self) -> Sentence {
        sentence![
            text(&self.severities.join(", ")),
            ": ",
            n(exposure(self.base_exposure, &self.unit), "comparison"),
            " of the base, ",
            n(exposure(self.target_exposure, &self.unit), "comparison"),
            " of the target"
        ]
    }
}

/// What became of a cluster, in parts.
#[derive(Debug, Clone, Serialize)]
pub struct SinceLastParts {
    /// `back`, `not in it`, `more urgent`, ...
    change_words: &'static str,
    /// Only its place in the order is another.
    is_rank: bool,
    /// From which priority, state and count to which.
    moves: Sentence,
}

impl Viewed for SinceLastRow {
    type Parts = SinceLastParts;

    fn parts(&self) -> SinceLastParts {
        SinceLastParts {
            change_words: match self.change.as_str() {
                "back" => "back",
                "added" => "not in it",
                "up" => "more urgent",
                "down" => "less urgent",
                "state" => "another state",
                "gone" => "in it, and not here",
                _ => "another place",
            },
            is_rank: self.change == "rank",
            moves: self.moves(),
        }
    }
}

impl SinceLastRow {
    fn moves(&self) -> Sentence {
        let priority = match (&self.priority_before, &self.priority) {
            (Some(before), Some(now)) if before != now => Some(sentence![", ", text(before), " → ", text(now)]),
            (before, now) => now.as_ref().or(before.as_ref()).map(|priority| sentence![", ", text(priority)]),
        };
        let state = |state: &Option<String>| text(state.as_deref().unwrap_or_default());
        let states =
            (self.change == "state").then(|| sentence![", ", state(&self.state_before), " → ", state(&self.state)]);
        let (before, now) = (self.count_before.unwrap_or(0), self.entry_count.unwrap_or(0));
        let counts = format!("{} → {}", thousands(before), plural(now, "entry"));
        Sentence::default().and(priority).and(states).and([sentence![", ", n(counts, "since_last")]])
    }
}

/// The sentence about a cluster that is gone.
#[derive(Debug, Clone, Serialize)]
pub struct ResolvedParts {
    words: Sentence,
}

impl Viewed for ResolvedRow {
    type Parts = ResolvedParts;

    fn parts(&self) -> ResolvedParts {
        let words = sentence![
            text(&one_line(&self.name, 120)),
            ": last seen ",
            Part::Time(self.last_ns),
            "; ",
            n(plural(self.entry_count, "entry"), "resolved"),
            format!(
                " in {} of the 28 days before, none in the {} in which the service has logged since",
                plural(self.active_hours, "hour"),
                plural(self.quiet_minutes, "minute")
            )
        ];
        ResolvedParts { words }
    }
}
