//! What templates are handed: the document, and beside its rows what they come to, so that no template compares, computes or
//! phrases a thing twice. JSON has the document alone.

use serde::Serialize;

use super::{
    Document, LinkPages, Sections,
    changes::{ChangeRow, ComparisonRow, LastWorklogRow, ResolvedRow, SinceLastRow},
    cluster::Cluster,
    cluster_view::{ClusterView, query_lines},
    coverage::{CutFile, CutRow, FileRow, GapRow, cut_files},
    environment::{Fact, facts},
    frame::{Frame, ProvenanceFrame, Texts, WindowFrame},
    origin::ProblemRow,
    unusual::{DriftRow, RepeatRow, SlowRow},
    window::{EnvironmentRow, RevisionRow, SeverityRow, StartsRow, TimelineRow, TotalsRow},
};
use crate::report::sentence::{Sentence, joined, sentence, text};

/// A row, and what it comes to.
#[derive(Debug, Clone, Serialize)]
pub struct With<'a, R, P> {
    #[serde(flatten)]
    pub row: &'a R,
    #[serde(flatten)]
    pub parts: P,
}

/// A row that comes to more than its columns.
pub trait Viewed: Sized {
    type Parts;

    fn parts(&self) -> Self::Parts;

    fn view(&self) -> With<'_, Self, Self::Parts> {
        With { row: self, parts: self.parts() }
    }
}

pub fn all<R: Viewed>(rows: &[R]) -> Vec<With<'_, R, R::Parts>> {
    rows.iter().map(R::view).collect()
}

type Of<'a, R> = With<'a, R, <R as Viewed>::Parts>;

/// What worklogs' templates read.
#[derive(Serialize)]
pub struct View<'a> {
    severities: &'a [SeverityRow],
    files: Vec<Of<'a, FileRow>>,
    cuts: &'a [CutRow],
    gaps: Vec<Of<'a, GapRow>>,
    revision_rows: &'a [RevisionRow],
    environment: &'a [EnvironmentRow],
    problems: Vec<Of<'a, ProblemRow>>,
    slow_endpoints: Vec<Of<'a, SlowRow>>,
    repeated_statements: Vec<Of<'a, RepeatRow>>,
    drifting_numbers: Vec<Of<'a, DriftRow>>,
    changes: Vec<Of<'a, ChangeRow>>,
    since_last: Vec<Of<'a, SinceLastRow>>,
    resolved: Vec<Of<'a, ResolvedRow>>,
    timeline: &'a [TimelineRow],
    totals: Of<'a, TotalsRow>,
    starts_rows: Of<'a, StartsRow>,
    comparison: Option<Of<'a, ComparisonRow>>,
    last_worklog: Option<&'a LastWorklogRow>,
    clusters: Vec<ClusterView<'a>>,
    document_version: u32,
    service: &'a str,
    window: Of<'a, WindowFrame>,
    making: &'a ProvenanceFrame,
    texts: &'a Texts,
    links: Option<&'a LinkPages>,
    queries_page: &'static str,
    project: Option<&'a str>,
    #[serde(flatten)]
    parts: Parts<'a>,
}

/// What the sections come to together.
#[derive(Serialize)]
struct Parts<'a> {
    cut_files: Vec<CutFile<'a>>,
    /// Files that look cut, in part or as a whole.
    cut_count: usize,
    are_few_cut: bool,
    /// Clusters that the summary leaves out.
    more_cluster_count: usize,
    /// Whether anything is known of the service from before the window.
    has_history: bool,
    facts: Vec<Fact<'a>>,
    methodology: Methodology,
}

/// How the worklog came about, in words.
#[derive(Serialize)]
struct Methodology {
    levels: Sentence,
    clustering: Sentence,
    priorities: Sentence,
}

/// Clusters whose samples are unfolded.
const OPEN: usize = 3;

/// The summary lists all clusters of P0, but of three at least and of eight at most.
fn summarised(clusters: &[Cluster]) -> usize {
    clusters.iter().filter(|cluster| cluster.row.priority == "P0").count().clamp(3, 8)
}

impl Document {
    pub fn view(&self) -> View<'_> {
        let Document { sections, clusters, frame, links, queries_page, project } = self;
        let summarised = summarised(clusters);
        let views = clusters.iter().enumerate().map(|(at, cluster)| {
            let mut view = ClusterView::new(cluster);
            view.parts.is_in_summary = at < summarised;
            view.parts.is_open = at < OPEN;
            view.parts.query_lines = query_lines(cluster, &frame.service, &frame.window);
            view
        });
        View {
            severities: &sections.severities,
            files: all(&sections.files),
            cuts: &sections.cuts,
            gaps: all(&sections.gaps),
            revision_rows: &sections.revision_rows,
            environment: &sections.environment,
            problems: all(&sections.problems),
            slow_endpoints: all(&sections.slow_endpoints),
            repeated_statements: all(&sections.repeated_statements),
            drifting_numbers: all(&sections.drifting_numbers),
            changes: all(&sections.changes),
            since_last: all(&sections.since_last),
            resolved: all(&sections.resolved),
            timeline: &sections.timeline,
            totals: sections.totals.view(),
            starts_rows: sections.starts_rows.view(),
            comparison: sections.comparison.as_ref().map(Viewed::view),
            last_worklog: sections.last_worklog.as_ref(),
            clusters: views.collect(),
            document_version: frame.document_version,
            service: &frame.service,
            window: frame.window.view(),
            making: &frame.making,
            texts: &frame.texts,
            links: links.as_ref(),
            queries_page,
            project: project.as_deref(),
            parts: parts(sections, clusters, frame, summarised),
        }
    }
}

fn parts<'a>(sections: &'a Sections, clusters: &[Cluster], frame: &Frame, summarised: usize) -> Parts<'a> {
    let cut_files = cut_files(&sections.cuts);
    let cut_count = cut_files.len() + sections.files.iter().filter(|file| file.is_file_cut).count();
    Parts {
        cut_files,
        cut_count,
        are_few_cut: cut_count < 3,
        more_cluster_count: clusters.len().saturating_sub(summarised),
        has_history: clusters.first().is_some_and(|cluster| cluster.row.minutes_before > 0),
        facts: facts(&sections.environment),
        methodology: methodology(sections, frame),
    }
}

fn methodology(sections: &Sections, frame: &Frame) -> Methodology {
    let levels = joined(sections.severities.iter().map(|row| sentence![text(&row.severity)]), ", ");
    let minimum = text(&frame.window.minimum_severity);
    Methodology {
        levels: levels.and([sentence![
            "; clusters from ",
            minimum,
            " up, by the severity, or by the level that the entry itself claims"
        ]]),
        clustering: sentence![
            "templates (version ",
            frame.making.shape_version.to_string(),
            "), joined if they report one exception, share traces or a function, or come together on instances more often \
             than chance; each cluster names the reasons"
        ],
        priorities: sentence![
            "rules (version ",
            text(&frame.making.rules_version),
            "), else severity and share of requests; each cluster names the reason"
        ],
    }
}
