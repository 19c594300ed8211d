//! What templates are handed: the document, and beside its rows what they come to, so that no template compares, computes or
//! phrases a thing twice. JSON has the document alone.

use serde::Serialize;

use super::{
    Document, LinkPages, Sections,
    causes::QuietFailureRow,
    changes::{ChangeRow, ComparisonRow, LastWorklogRow, ResolvedRow, SinceLastRow},
    cluster::{Cluster, MemberRow},
    cluster_view::{ClusterView, query_lines},
    coverage::{CutFile, CutRow, FileRow, GapRow, cut_count, cut_files},
    deployments::{ComparedSettingsRow, DeploymentRow},
    environment::{Fact, facts},
    frame::{Frame, ProvenanceFrame, Texts, WindowFrame},
    origin::ProblemRow,
    outline::{MOST, Most, newest, outlines, told_deployments, told_gaps},
    unusual::{DriftRow, RepeatRow, SlowRow},
    verdict::{first_action, first_place, has_history, known_part},
    window::{EnvironmentRow, RevisionRow, SeverityRow, SeveritySlotsRow, StartsRow, TimelineRow, TotalsRow},
};
use crate::report::sentence::{Sentence, sentence, text};

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
    quiet_failures: Vec<Of<'a, QuietFailureRow>>,
    deployments: Vec<Of<'a, DeploymentRow>>,
    slow_endpoints: Vec<Of<'a, SlowRow>>,
    repeated_statements: Vec<Of<'a, RepeatRow>>,
    drifting_numbers: Vec<Of<'a, DriftRow>>,
    changes: Vec<Of<'a, ChangeRow>>,
    since_last: Vec<Of<'a, SinceLastRow>>,
    resolved: Vec<Of<'a, ResolvedRow>>,
    timeline: &'a [TimelineRow],
    severity_slots: &'a [SeveritySlotsRow],
    totals: Of<'a, TotalsRow>,
    starts_rows: Of<'a, StartsRow>,
    comparison: Option<Of<'a, ComparisonRow>>,
    compared_settings: Option<Of<'a, ComparedSettingsRow>>,
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
    opening: Sentence,
    /// How long lists of the Markdown worklog are.
    most: Most,
    /// What to do first.
    first_action: Option<&'a str>,
    /// Where to look first.
    first_place: Option<&'a MemberRow>,
    /// How much is known, where that is not all.
    known_part: Option<Sentence>,
    cut_files: Vec<CutFile<'a>>,
    /// Files that look cut, in part or as a whole.
    cut_count: usize,
    are_few_cut: bool,
    /// Clusters that the summary leaves out.
    more_cluster_count: usize,
    more_entry_count: u64,
    told_deployments: Vec<Of<'a, DeploymentRow>>,
    untold_deployment_count: u64,
    told_gaps: Vec<Of<'a, GapRow>>,
    /// The newest.
    told_revisions: &'a [RevisionRow],
    untold_gap_count: usize,
    untold_gap_ns: i64,
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
        let roots: Vec<Option<u64>> = (0..clusters.len()).map(|at| root(clusters, at)).collect();
        let views = clusters.iter().zip(outlines(clusters, &roots)).enumerate().map(|(at, (cluster, outline))| {
            let mut view = ClusterView::new(cluster);
            view.parts.is_in_summary = at < summarised;
            view.parts.under = roots[at].filter(|cause| *cause <= summarised as u64);
            view.parts.outline = Some(outline);
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
            quiet_failures: all(&sections.quiet_failures),
            deployments: all(&sections.deployments),
            slow_endpoints: all(&sections.slow_endpoints),
            repeated_statements: all(&sections.repeated_statements),
            drifting_numbers: all(&sections.drifting_numbers),
            changes: all(&sections.changes),
            since_last: all(&sections.since_last),
            resolved: all(&sections.resolved),
            timeline: &sections.timeline,
            severity_slots: &sections.severity_slots,
            totals: sections.totals.view(),
            starts_rows: sections.starts_rows.view(),
            comparison: sections.comparison.as_ref().map(Viewed::view),
            compared_settings: sections.compared_settings.as_ref().map(Viewed::view),
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

/// The number of the cluster that one follows in the end, if it follows any.
fn root(clusters: &[Cluster], at: usize) -> Option<u64> {
    let cause_of = |number: u64| {
        let cluster = clusters.iter().find(|cluster| cluster.row.cluster_number == number)?;
        cluster.follows.first().map(|follow| follow.cause_number)
    };
    let own = clusters[at].row.cluster_number;
    let mut seen = vec![own];
    while let Some(cause) = cause_of(seen[seen.len() - 1]) {
        // two may follow one another
        if seen.contains(&cause) {
            return (seen.len() > 1 && cause != own).then_some(cause);
        }
        seen.push(cause);
    }
    seen.get(1..)?.last().copied()
}

fn parts<'a>(sections: &'a Sections, clusters: &'a [Cluster], frame: &Frame, summarised: usize) -> Parts<'a> {
    let cut_files = cut_files(&sections.cuts);
    let cut_count = cut_count(&sections.files, &sections.cuts);
    let has_history = has_history(clusters);
    let told_deployments = told_deployments(&sections.deployments);
    let change_count = sections.deployments.first().map_or(0, |row| row.change_count);
    let (told_gaps, untold_gaps) = told_gaps(&sections.gaps);
    Parts {
        opening: sections.verdict.words(),
        most: MOST,
        first_action: first_action(clusters),
        first_place: first_place(clusters),
        known_part: known_part(sections.files.len(), cut_count, &sections.totals, has_history),
        cut_files,
        cut_count,
        are_few_cut: cut_count < 3,
        untold_deployment_count: change_count.saturating_sub(told_deployments.len() as u64),
        told_deployments: told_deployments.into_iter().map(Viewed::view).collect(),
        told_gaps: told_gaps.into_iter().map(Viewed::view).collect(),
        told_revisions: newest(&sections.revision_rows),
        untold_gap_count: untold_gaps.len(),
        untold_gap_ns: untold_gaps.iter().map(|gap| gap.length_ns).sum(),
        more_cluster_count: clusters.len().saturating_sub(summarised),
        more_entry_count: clusters.iter().skip(summarised).map(|cluster| cluster.row.entry_count).sum(),
        has_history,
        facts: facts(&sections.environment),
        methodology: methodology(frame),
    }
}

fn methodology(frame: &Frame) -> Methodology {
    let minimum = text(&frame.window.minimum_severity);
    Methodology {
        levels: sentence!["clusters from ", minimum, " up, by severity or by the level in the message"],
        clustering: sentence![
            "templates (version ",
            frame.making.shape_version.to_string(),
            "), joined if they tell one exception, share traces or a function, or come together on instances more often than chance"
        ],
        priorities: sentence![
            "rules (version ",
            text(&frame.making.rules_version),
            "), else severity and share of requests"
        ],
    }
}
