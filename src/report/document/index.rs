//! What a history's index and the pages around it say.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::view::{Viewed, With, all};
use crate::sql::row::row;

row! {
    /// When a revision was there, in whole minutes.
    RevisionSpanRow of "history/revision_spans" {
        service: String,
        revision: String,
        from_ns: i64,
        to_ns: i64,
    }
}

row! {
    /// A service with entries to report in a span.
    SpanRow of "history/windows" {
        service: String,
        span_number: usize,
    }
}

row! {
    /// What a worklog is made of, as a number.
    FingerprintRow of "history/fingerprints" {
        window_id: usize,
        fingerprint: String,
    }
}

row! {
    /// What a worklog of the history holds.
    DayRow of "history/index_days" {
        service: String,
        span_number: usize,
        entry_count: u64,
        error_count: u64,
        warning_count: u64,
        request_count: u64,
        server_error_count: u64,
        focus: String,
        cluster_count: Option<u64>,
        new_count: Option<u64>,
        regression_count: Option<u64>,
        escalating_count: Option<u64>,
        ended_count: Option<u64>,
        resolved_count: Option<u64>,
        priority: Option<String>,
        revisions: Option<Vec<String>>,
    }
}

row! {
    /// The life of a cluster over the history.
    IndexClusterRow of "history/index_clusters" {
        service: String,
        cluster_id: String,
        name: String,
        priority: Option<String>,
        last_state: String,
        entry_count: u64,
        day_count: u64,
        first_number: Option<usize>,
        last_number: Option<usize>,
        turns: Option<Vec<Turn>>,
    }
}

/// Where a run of spans in one state begins.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Turn {
    pub span_number: usize,
    pub focus: String,
    pub state: String,
}

row! {
    /// A cluster's entries over the spans of its service.
    CellsRow of "history/index_cells" {
        service: String,
        cluster_id: String,
        spans_a_bar: u64,
        counts: Vec<i64>,
        first_numbers: Vec<usize>,
        last_numbers: Vec<usize>,
        turns: Vec<String>,
        greatest_count: i64,
    }
}

row! {
    IndexRevisionRow of "history/index_revisions" {
        service: String,
        revision: String,
        first_ns: i64,
        last_ns: i64,
        entry_count: u64,
        error_count: u64,
        request_count: u64,
        base_revision: Option<String>,
        worse_count: u64,
        better_count: u64,
        worst: Option<Vec<Worst>>,
    }
}

/// One of the patterns that a revision made worst.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Worst {
    pub verdict: String,
    pub template: String,
    pub ratio: Option<f64>,
    pub ratio_lower: Option<f64>,
    pub ratio_upper: Option<f64>,
}

row! {
    /// When the rate of a cluster changed.
    RateChangeRow of "history/index_changes" {
        service: String,
        cluster_id: String,
        span_number: usize,
        focus: String,
        from_ns: i64,
        rate_before: f64,
        rate_after: f64,
        spans_before: u64,
        spans_after: u64,
        ratio: Option<f64>,
        ratio_lower: Option<f64>,
        ratio_upper: Option<f64>,
        dispersion: f64,
        revision: Option<String>,
        revision_first_ns: Option<i64>,
    }
}

row! {
    /// One span of a cluster's life.
    LifeRow of "history/cluster_lives" {
        service: String,
        cluster_id: String,
        span_number: usize,
        focus: String,
        name: String,
        priority: Option<String>,
        severity: Option<String>,
        state: String,
        entry_count: u64,
    } with {
        /// Of the worklog.
        page: Option<String>,
    }
}

row! {
    /// A revision in which a cluster was seen.
    PlaceRow of "history/cluster_places" {
        service: String,
        cluster_id: String,
        revision: String,
        entry_count: u64,
        instance_count: u64,
        first_ns: i64,
        last_ns: i64,
    }
}

row! {
    /// A pattern that a cluster is made of.
    PartRow of "history/cluster_parts" {
        service: String,
        cluster_id: String,
        pattern_id: String,
        is_lead: bool,
        reason: Option<String>,
        template: String,
        entry_count: u64,
        severity: String,
    }
}

row! {
    /// What a revision changed for sure.
    VerdictRow of "history/revision_verdicts" {
        service: String,
        revision: String,
        base_revision: String,
        verdict: String,
        severity: String,
        template: String,
        base_count: u64,
        target_count: u64,
        ratio: Option<f64>,
        ratio_lower: Option<f64>,
        ratio_upper: Option<f64>,
        q: Option<f64>,
        reason: Option<String>,
        cluster_id: Option<String>,
    }
}

/// By service, and by what is one of its kind in it.
pub type Pages = BTreeMap<String, BTreeMap<String, String>>;

/// What the index of a history says.
#[derive(Debug)]
pub struct Index {
    pub by: &'static str,
    pub from_ns: i64,
    pub to_ns: i64,
    pub version: &'static str,
    pub sections: IndexSections,
    pub files: Vec<IndexFile>,
    /// The worklogs' pages by service and span.
    pub pages: Pages,
    /// The spans' names in their order.
    pub spans: Vec<String>,
    /// What the pages of clusters begin with, by service, where clusters and revisions have pages of their own.
    pub cluster_prefixes: Option<BTreeMap<String, String>>,
    pub revision_pages: Option<Pages>,
}

/// The parts that are made of log text.
#[derive(Debug, Serialize, Deserialize)]
pub struct IndexSections {
    pub services: Vec<String>,
    pub changes: Vec<RateChangeRow>,
    pub days: Vec<DayRow>,
    pub clusters: Vec<IndexClusterRow>,
    pub cells: Vec<CellsRow>,
    pub revisions: Vec<IndexRevisionRow>,
}

#[derive(Debug, Serialize)]
pub struct IndexFile {
    pub service: String,
    pub focus: String,
    pub file: String,
}

/// A cluster's page.
#[derive(Debug, Serialize)]
pub struct ClusterLife<'a> {
    #[serde(flatten)]
    pub cluster: &'a IndexClusterRow,
    pub version: &'static str,
    pub days: Vec<LifeRow>,
    pub places: Vec<Place>,
    pub parts: Vec<PartRow>,
    pub counts: &'a [i64],
    pub sample: Option<LifeSample>,
}

#[derive(Debug, Clone, Serialize)]
pub struct Place {
    #[serde(flatten)]
    pub row: PlaceRow,
    pub page: Option<String>,
    /// Of the cluster.
    pub name: Option<String>,
}

/// An entry as worklogs show it.
#[derive(Debug, Serialize)]
pub struct LifeSample {
    pub text: String,
    pub insert_id: Option<String>,
    pub file_name: Option<String>,
    pub line: u64,
    pub timestamp: String,
    pub project: Option<String>,
}

/// A revision's page.
#[derive(Debug, Serialize)]
pub struct RevisionPage<'a> {
    pub revision: &'a IndexRevisionRow,
    pub base_page: Option<&'a str>,
    pub verdicts: Vec<VerdictRow>,
    pub places: Vec<Place>,
    pub version: &'static str,
}

#[derive(Debug, Serialize)]
pub struct CellsParts {
    /// Whether a bar holds several spans.
    is_of_several: bool,
}

impl Viewed for CellsRow {
    type Parts = CellsParts;

    fn parts(&self) -> CellsParts {
        CellsParts { is_of_several: self.spans_a_bar > 1 }
    }
}

#[derive(Debug, Serialize)]
pub struct RateChangeParts {
    direction: &'static str,
}

impl Viewed for RateChangeRow {
    type Parts = RateChangeParts;

    fn parts(&self) -> RateChangeParts {
        RateChangeParts { direction: if self.rate_after > self.rate_before { "more often" } else { "less often" } }
    }
}

/// What templates of the index read.
#[derive(Debug, Serialize)]
pub struct IndexView<'a> {
    by: &'static str,
    from_ns: i64,
    to_ns: i64,
    version: &'static str,
    services: &'a [String],
    changes: Vec<With<'a, RateChangeRow, RateChangeParts>>,
    days: &'a [DayRow],
    clusters: &'a [IndexClusterRow],
    cells: Vec<With<'a, CellsRow, CellsParts>>,
    revisions: &'a [IndexRevisionRow],
    files: &'a [IndexFile],
    pages: &'a Pages,
    spans: &'a [String],
    cluster_prefixes: Option<&'a BTreeMap<String, String>>,
    revision_pages: Option<&'a Pages>,
}

impl Index {
    pub fn view(&self) -> IndexView<'_> {
        let IndexSections { services, changes, days, clusters, cells, revisions } = &self.sections;
        IndexView {
            by: self.by,
            from_ns: self.from_ns,
            to_ns: self.to_ns,
            version: self.version,
            services,
            changes: all(changes),
            days,
            clusters,
            cells: all(cells),
            revisions,
            files: &self.files,
            pages: &self.pages,
            spans: &self.spans,
            cluster_prefixes: self.cluster_prefixes.as_ref(),
            revision_pages: self.revision_pages.as_ref(),
        }
    }
}
