//! What a comparison of two sides says.

use serde::{Deserialize, Serialize};

use super::{
    changes::{ChangeParts, change_parts},
    code_words::CommitsParts,
    deployments::{PairSettingsRow, SettingsParts},
    details::PositionParts,
    view::{Viewed, With, all},
};
use crate::{
    model::sides::Pair,
    repository::Commits,
    sql::row::{Nothing, row},
};

row! {
    /// What both sides had the chance to show.
    PairExposureRow of "compare/exposures" {
        pair_id: usize,
        severities: Vec<String>,
        unit: String,
        base_exposure: f64,
        target_exposure: f64,
    }
}

row! {
    /// A pattern or a problem, side against side. A problem has the id of its leading pattern.
    PairChangeRow of "compare/changes" {
        pair_id: usize,
        service: String,
        pattern_id: String,
        collected_severity: String,
        base_count: u64,
        target_count: u64,
        base_minutes: u64,
        target_minutes: u64,
        target_last_ns: Option<i64>,
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
        p: Option<f64>,
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
        kind: Option<String>,
        name: Option<String>,
        problem_id: String,
    } with {
        /// Between the sides' revisions, where a clone of the source code is at hand.
        #[serde(skip_serializing_if = "Option::is_none")]
        commits: Option<Commits>,
    }
}

row! {
    /// A measure of requests, side against side.
    PairRequestRow of "compare/requests" {
        pair_id: usize,
        service: String,
        measure: String,
        unit: String,
        base_value: f64,
        target_value: f64,
        base_requests: u64,
        target_requests: u64,
        ratio: Option<f64>,
        ratio_lower: Option<f64>,
        ratio_upper: Option<f64>,
        dispersion: f64,
        verdict: String,
    }
}

row! {
    /// A value that only the target has.
    PairValueRow of "compare/new_values" {
        pair_id: usize,
        pattern_id: String,
        position: usize,
        value: String,
        name: Option<String>,
        base_count: u64,
        target_count: u64,
        first_ns: Option<i64>,
        base_total: u64,
        target_total: u64,
        template: String,
    } with {
        commonest: Nothing,
        examples: Nothing,
    }
}

/// With the rows of each query about it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ComparedPair {
    #[serde(flatten)]
    pub pair: Pair,
    /// Between the sides' revisions, where a clone of the source code is at hand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commits: Option<Commits>,
    /// Null where nothing is known of the settings of both sides.
    pub settings: Option<PairSettingsRow>,
    pub exposures: Vec<PairExposureRow>,
    /// What people compare: clusters, and patterns that are alone.
    pub problems: Vec<PairChangeRow>,
    /// Their patterns one by one.
    pub changes: Vec<PairChangeRow>,
    pub requests: Vec<PairRequestRow>,
    pub new_values: Vec<PairValueRow>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Comparison {
    /// Services that have only one of the sides.
    pub left_out: Vec<String>,
    pub least_severity: String,
    pub shows_all: bool,
    /// Patterns are listed in place of problems, and decide the exit status.
    pub lists_patterns: bool,
    pub pairs: Vec<ComparedPair>,
}

/// What a comparison of a pattern comes to, with the commits that touch its files.
#[derive(Debug, Clone, Serialize)]
pub struct PairChangeParts {
    #[serde(flatten)]
    change: ChangeParts,
    touching: Option<CommitsParts>,
}

impl Viewed for PairChangeRow {
    type Parts = PairChangeParts;

    fn parts(&self) -> PairChangeParts {
        let severities = (&self.base_severity, &self.target_severity);
        PairChangeParts {
            change: change_parts(&self.verdict, severities, &self.kind, self.dispersion),
            // where the commits themselves are not known, that is said once
            touching: self.commits.as_ref().filter(|commits| commits.commit_count > 0).map(CommitsParts::of),
        }
    }
}

impl Viewed for PairValueRow {
    type Parts = PositionParts;

    fn parts(&self) -> PositionParts {
        PositionParts::new(&self.name, self.position)
    }
}

/// What a comparison of a problem comes to, and its patterns.
#[derive(Debug, Clone, Serialize)]
pub struct ProblemParts<'a> {
    #[serde(flatten)]
    parts: PairChangeParts,
    /// Empty where it has one only.
    patterns: Vec<With<'a, PairChangeRow, PairChangeParts>>,
    /// It is told in other words than before.
    is_reworded: bool,
}

/// What templates of comparisons read.
#[derive(Debug, Serialize)]
pub struct ComparisonView<'a> {
    left_out: &'a [String],
    least_severity: &'a str,
    shows_all: bool,
    lists_patterns: bool,
    pairs: Vec<PairView<'a>>,
}

#[derive(Debug, Serialize)]
struct PairView<'a> {
    #[serde(flatten)]
    pair: &'a Pair,
    /// How the commits of both sides lie.
    code: Option<CommitsParts>,
    settings: Option<With<'a, PairSettingsRow, SettingsParts>>,
    exposures: &'a [PairExposureRow],
    problems: Vec<With<'a, PairChangeRow, ProblemParts<'a>>>,
    changes: Vec<With<'a, PairChangeRow, PairChangeParts>>,
    requests: &'a [PairRequestRow],
    new_values: Vec<With<'a, PairValueRow, PositionParts>>,
}

impl Comparison {
    /// What people look at, and the exit status comes from.
    pub fn rows(&self) -> impl Iterator<Item = &PairChangeRow> {
        self.pairs.iter().flat_map(|pair| if self.lists_patterns { &pair.changes } else { &pair.problems })
    }

    pub fn view(&self) -> ComparisonView<'_> {
        ComparisonView {
            left_out: &self.left_out,
            least_severity: &self.least_severity,
            shows_all: self.shows_all,
            lists_patterns: self.lists_patterns,
            pairs: self.pairs.iter().map(ComparedPair::view).collect(),
        }
    }
}

impl ComparedPair {
    fn view(&self) -> PairView<'_> {
        PairView {
            pair: &self.pair,
            code: self.commits.as_ref().map(CommitsParts::of),
            settings: self.settings.as_ref().map(Viewed::view),
            exposures: &self.exposures,
            problems: self.problems.iter().map(|row| With { row, parts: self.problem_parts(row) }).collect(),
            changes: all(&self.changes),
            requests: &self.requests,
            new_values: all(&self.new_values),
        }
    }

    fn problem_parts<'a>(&'a self, problem: &'a PairChangeRow) -> ProblemParts<'a> {
        let patterns: Vec<_> =
            self.changes.iter().filter(|row| row.problem_id == problem.problem_id).map(Viewed::view).collect();
        ProblemParts {
            parts: problem.parts(),
            is_reworded: patterns.iter().any(|pattern| pattern.row.verdict == "reworded"),
            patterns: if patterns.len() > 1 { patterns } else { Vec::new() },
        }
    }
}
