//! Puts documents together: each section is the rows of one query, in the query's order, dealt out by window.
//!
//! All that Rust reads of what SQL answers is a struct in this folder ([`crate::sql::row`]).

mod causes;
pub mod changes;
pub mod cluster;
pub mod cluster_view;
mod cluster_words;
pub mod code;
pub mod code_words;
pub mod comparison;
pub mod coverage;
pub mod deployments;
pub mod details;
mod environment;
mod finish;
pub mod frame;
pub mod incidents;
pub mod index;
pub mod issue;
pub mod lists;
pub mod origin;
pub mod outline;
pub mod pair_code;
pub mod pattern;
pub mod requests;
pub mod sample;
mod shapes;
pub mod unusual;
pub mod verdict;
pub mod view;
pub mod window;

use std::vec;

use anyhow::{Context, Result};
use rustc_hash::FxHashMap;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use xxhash_rust::xxh3::xxh3_64;

use self::{
    causes::{BeforeRow, LastLineRow, QuietFailureRow},
    changes::{ChangeRow, ComparisonRow, LastWorklogRow, ResolvedRow, SinceLastRow},
    cluster::{BarsRow, Cluster, ClusterRevisionRow, ClusterRow, ClusterSlotsRow, MemberRow},
    code::{CodePlaceRow, CodeRangeRow},
    coverage::{CutRow, FileRow, GapRow, cut_count},
    deployments::{ComparedSettingsRow, DeploymentRow},
    details::{CorrelationRow, DifferRow, FieldRow, HintRow, NeighbourRow, NewValueRow, UserRow, VariableRow},
    incidents::{CascadeRow, EffectRow, FollowRow, IncidentRow},
    origin::{OriginRow, OriginSettingsRow, ProblemRow},
    requests::{RequestEndRow, RequestRow},
    sample::SampleRow,
    unusual::{DriftRow, RepeatRow, SlowRow},
    verdict::VerdictRow,
    window::{EnvironmentRow, RevisionRow, SeverityRow, SeveritySlotsRow, StartsRow, TimelineRow, TotalsRow},
};
pub use self::{
    finish::{finished, hide_values},
    frame::{Frame, LinkPages, Provenance},
};
use crate::{
    config::Config,
    model::window::{self as windows, Window, Windows},
    repository::Repositories,
    sql::{
        connection::Connection,
        file::SqlFile,
        row::{Asked, OfCluster, OfWindow, rows_as},
    },
    text::redact::Redactor,
    time::period::Period,
};

/// The queries that worklogs are made of, with their columns: about clusters, about the window in one row, about the window,
/// and beside each cluster.
pub const ASKED: [Asked; 49] = [
    Asked::of::<ClusterRow>(),
    Asked::of::<TotalsRow>(),
    Asked::of::<StartsRow>(),
    Asked::of::<VerdictRow>(),
    Asked::of::<ComparisonRow>(),
    Asked::of::<LastWorklogRow>(),
    Asked::of::<SeverityRow>(),
    Asked::of::<FileRow>(),
    Asked::of::<CutRow>(),
    Asked::of::<GapRow>(),
    Asked::of::<RevisionRow>(),
    Asked::of::<EnvironmentRow>(),
    Asked::of::<ProblemRow>(),
    Asked::of::<QuietFailureRow>(),
    Asked::of::<DeploymentRow>(),
    Asked::of::<ComparedSettingsRow>(),
    Asked::of::<SlowRow>(),
    Asked::of::<RepeatRow>(),
    Asked::of::<DriftRow>(),
    Asked::of::<ChangeRow>(),
    Asked::of::<SinceLastRow>(),
    Asked::of::<ResolvedRow>(),
    Asked::of::<TimelineRow>(),
    Asked::of::<SeveritySlotsRow>(),
    Asked::of::<MemberRow>(),
    Asked::of::<FieldRow>(),
    Asked::of::<HintRow>(),
    Asked::of::<VariableRow>(),
    Asked::of::<NewValueRow>(),
    Asked::of::<NeighbourRow>(),
    Asked::of::<FollowRow>(),
    Asked::of::<EffectRow>(),
    Asked::of::<RequestRow>(),
    Asked::of::<RequestEndRow>(),
    Asked::of::<IncidentRow>(),
    Asked::of::<CascadeRow>(),
    Asked::of::<BarsRow>(),
    Asked::of::<ClusterSlotsRow>(),
    Asked::of::<LastLineRow>(),
    Asked::of::<BeforeRow>(),
    Asked::of::<OriginRow>(),
    Asked::of::<OriginSettingsRow>(),
    Asked::of::<ClusterRevisionRow>(),
    Asked::of::<UserRow>(),
    Asked::of::<CorrelationRow>(),
    Asked::of::<DifferRow>(),
    Asked::of::<SampleRow>(),
    Asked::of::<CodeRangeRow>(),
    Asked::of::<CodePlaceRow>(),
];

/// The queries that worklogs are made of.
pub fn queries() -> Vec<SqlFile> {
    ASKED.iter().map(|asked| asked.file).collect()
}

/// Changes with any query of a worklog.
pub fn queries_hash() -> u64 {
    let texts: Vec<&str> = queries().iter().map(|file| file.text()).chain(windows::texts()).collect();
    xxh3_64(texts.join("\0").as_bytes())
}

/// What is said of the window as a whole, under the queries' names.
#[derive(Debug, Clone, Serialize, serde::Deserialize)]
pub struct Sections {
    pub severities: Vec<SeverityRow>,
    pub files: Vec<FileRow>,
    pub cuts: Vec<CutRow>,
    pub gaps: Vec<GapRow>,
    pub revision_rows: Vec<RevisionRow>,
    pub environment: Vec<EnvironmentRow>,
    pub problems: Vec<ProblemRow>,
    pub quiet_failures: Vec<QuietFailureRow>,
    pub deployments: Vec<DeploymentRow>,
    pub slow_endpoints: Vec<SlowRow>,
    pub repeated_statements: Vec<RepeatRow>,
    pub drifting_numbers: Vec<DriftRow>,
    pub changes: Vec<ChangeRow>,
    pub since_last: Vec<SinceLastRow>,
    pub resolved: Vec<ResolvedRow>,
    pub timeline: Vec<TimelineRow>,
    pub severity_slots: Vec<SeveritySlotsRow>,
    pub totals: TotalsRow,
    pub starts_rows: StartsRow,
    pub verdict: VerdictRow,
    pub comparison: Option<ComparisonRow>,
    pub compared_settings: Option<ComparedSettingsRow>,
    pub last_worklog: Option<LastWorklogRow>,
}

/// The worklog of one window: JSON as it is, and what templates read (`view`).
#[derive(Debug, Clone, Serialize)]
pub struct Document {
    #[serde(flatten)]
    pub sections: Sections,
    pub clusters: Vec<Cluster>,
    #[serde(flatten)]
    pub frame: Frame,
    pub links: Option<LinkPages>,
    /// The page that numbers lead to; empty where it is the worklog itself.
    pub queries_page: &'static str,
    /// Of most of the window's entries, for links.
    pub project: Option<String>,
}

/// The answers of all queries about one window, before anything is put together.
pub struct Answers {
    sections: Sections,
    clusters: Vec<Cluster>,
}

/// What is said of the clusters of one window, which needs no worklog before.
pub struct ClusterAnswers {
    pub environment: Vec<EnvironmentRow>,
    pub clusters: Vec<Cluster>,
}

/// Asks each query once, for all windows whose marts were built; the answers in the order of the windows.
pub fn answers(connection: &Connection, windows: &Windows<'_>, repositories: &Repositories) -> Result<Vec<Answers>> {
    let asking = Asking { connection, windows, repositories };
    let rows = asking.of_windows::<ClusterRow>()?;
    let mut severities = asking.of_windows()?;
    let mut files = asking.of_windows()?;
    let mut cuts = asking.of_windows()?;
    let mut gaps = asking.of_windows()?;
    let mut revision_rows = asking.of_windows()?;
    let mut environment = asking.of_windows()?;
    let mut problems = asking.of_windows()?;
    let mut quiet_failures = asking.of_windows()?;
    let mut deployments = asking.of_windows()?;
    let mut slow_endpoints = asking.of_windows()?;
    let mut repeated_statements = asking.of_windows()?;
    let mut drifting_numbers = asking.of_windows()?;
    let mut changes = asking.of_windows()?;
    let mut since_last = asking.of_windows()?;
    let mut resolved = asking.of_windows()?;
    let mut timeline = asking.of_windows()?;
    let mut severity_slots = asking.of_windows()?;
    let mut totals = asking.of_windows()?;
    let mut starts_rows = asking.of_windows()?;
    let mut verdict = asking.of_windows()?;
    let mut comparison = asking.of_windows()?;
    let mut compared_settings = asking.of_windows()?;
    let mut last_worklog = asking.of_windows()?;
    let clusters = asking.clusters(rows)?;
    let answers = clusters.into_iter().map(|clusters| {
        let sections = Sections {
            severities: next(&mut severities),
            files: next(&mut files),
            cuts: next(&mut cuts),
            gaps: next(&mut gaps),
            revision_rows: next(&mut revision_rows),
            environment: next(&mut environment),
            problems: next(&mut problems),
            quiet_failures: next(&mut quiet_failures),
            deployments: next(&mut deployments),
            slow_endpoints: next(&mut slow_endpoints),
            repeated_statements: next(&mut repeated_statements),
            drifting_numbers: next(&mut drifting_numbers),
            changes: next(&mut changes),
            since_last: next(&mut since_last),
            resolved: next(&mut resolved),
            timeline: next(&mut timeline),
            severity_slots: next(&mut severity_slots),
            totals: the_row(&mut totals)?,
            starts_rows: the_row(&mut starts_rows)?,
            verdict: the_row(&mut verdict)?,
            comparison: next(&mut comparison).into_iter().next(),
            compared_settings: next(&mut compared_settings).into_iter().next(),
            last_worklog: next(&mut last_worklog).into_iter().next(),
        };
        Ok(Answers { sections, clusters })
    });
    answers.collect()
}

/// The same without what is about windows as a whole.
pub fn cluster_answers(
    connection: &Connection,
    windows: &Windows<'_>,
    repositories: &Repositories,
) -> Result<Vec<ClusterAnswers>> {
    let asking = Asking { connection, windows, repositories };
    let rows = asking.of_windows::<ClusterRow>()?;
    let environment = asking.of_windows()?;
    let clusters = asking.clusters(rows)?;
    Ok(environment.zip(clusters).map(|(environment, clusters)| ClusterAnswers { environment, clusters }).collect())
}

/// What is said of a window before its clusters.
pub struct Summary {
    pub verdict: VerdictRow,
    pub totals: TotalsRow,
    pub file_count: usize,
    pub cut_count: usize,
}

pub fn summaries(connection: &Connection, windows: &Windows<'_>) -> Result<Vec<Summary>> {
    let asking = Asking { connection, windows, repositories: &Repositories::default() };
    let mut verdicts = asking.of_windows()?;
    let mut totals = asking.of_windows()?;
    let files = asking.of_windows::<FileRow>()?;
    let mut cuts = asking.of_windows()?;
    let summary = |files: Vec<FileRow>| {
        let cut_count = cut_count(&files, &next(&mut cuts));
        let (verdict, totals) = (the_row(&mut verdicts)?, the_row(&mut totals)?);
        Ok(Summary { verdict, totals, file_count: files.len(), cut_count })
    };
    files.map(summary).collect()
}

/// The rows of a query by window, in the windows' order.
type Dealt<T> = vec::IntoIter<Vec<T>>;

fn next<T>(dealt: &mut Dealt<T>) -> Vec<T> {
    dealt.next().unwrap_or_default()
}

fn the_row<T: OfWindow>(dealt: &mut Dealt<T>) -> Result<T> {
    next(dealt).into_iter().next().with_context(|| format!("{}: no row for a window", T::QUERY.path))
}

struct Asking<'a> {
    connection: &'a Connection,
    windows: &'a Windows<'a>,
    repositories: &'a Repositories,
}

impl Asking<'_> {
    fn of_windows<T: OfWindow>(&self) -> Result<Dealt<T>> {
        let mut dealt: Vec<Vec<T>> = self.windows.list.iter().map(|_| Vec::new()).collect();
        for row in rows_as::<T>(self.connection, &self.windows.parameters())? {
            if let Some(own) = dealt.get_mut(row.window_id()) {
                own.push(row);
            }
        }
        Ok(dealt.into_iter())
    }

    /// The rows of a query by window and cluster, in the order they came.
    fn of_clusters<T: OfCluster>(&self) -> Result<FxHashMap<(usize, String), Vec<T>>> {
        let mut dealt: FxHashMap<(usize, String), Vec<T>> = FxHashMap::default();
        for row in rows_as::<T>(self.connection, &self.windows.parameters())? {
            dealt.entry((row.window_id(), row.lead_id().to_owned())).or_default().push(row);
        }
        Ok(dealt)
    }

    fn clusters(&self, rows: Dealt<ClusterRow>) -> Result<Vec<Vec<Cluster>>> {
        let mut members = self.of_clusters()?;
        let mut fields = self.of_clusters()?;
        let mut hints = self.of_clusters()?;
        let mut variables = self.of_clusters()?;
        let mut new_values = self.of_clusters()?;
        let mut neighbours = self.of_clusters()?;
        let mut follows = self.of_clusters()?;
        let mut effects = self.of_clusters()?;
        let mut requests = self.of_clusters()?;
        let mut request_ends = self.of_clusters()?;
        let mut incident_rows = self.of_clusters()?;
        let mut cascade = self.of_clusters()?;
        let mut minutes = self.of_clusters()?;
        let mut cluster_slots = self.of_clusters()?;
        let mut last_lines = self.of_clusters()?;
        let mut before_onsets = self.of_clusters()?;
        let mut origins = self.of_clusters()?;
        let mut origin_settings = self.of_clusters()?;
        let mut cluster_revisions = self.of_clusters()?;
        let mut cluster_users = self.of_clusters()?;
        let mut correlations = self.of_clusters()?;
        let mut differing_values = self.of_clusters()?;
        let mut sample_rows = self.of_clusters()?;
        let mut cluster = |row: ClusterRow| {
            let key = (row.window_id, row.lead_id.clone());
            Cluster {
                members: members.remove(&key).unwrap_or_default(),
                fields: fields.remove(&key).unwrap_or_default(),
                hints: hints.remove(&key).unwrap_or_default(),
                variables: variables.remove(&key).unwrap_or_default(),
                new_values: new_values.remove(&key).unwrap_or_default(),
                neighbours: neighbours.remove(&key).unwrap_or_default(),
                follows: follows.remove(&key).unwrap_or_default(),
                effects: effects.remove(&key).unwrap_or_default(),
                requests: requests.remove(&key).unwrap_or_default(),
                request_ends: request_ends.remove(&key).unwrap_or_default(),
                incident_rows: incident_rows.remove(&key).unwrap_or_default(),
                cascade: cascade.remove(&key).unwrap_or_default(),
                minutes: minutes.remove(&key).unwrap_or_default(),
                cluster_slots: cluster_slots.remove(&key).unwrap_or_default(),
                last_lines: last_lines.remove(&key).unwrap_or_default(),
                before_onsets: before_onsets.remove(&key).unwrap_or_default(),
                origins: origins.remove(&key).unwrap_or_default(),
                origin_settings: origin_settings.remove(&key).unwrap_or_default(),
                cluster_revisions: cluster_revisions.remove(&key).unwrap_or_default(),
                cluster_users: cluster_users.remove(&key).unwrap_or_default(),
                correlations: correlations.remove(&key).unwrap_or_default(),
                differing_values: differing_values.remove(&key).unwrap_or_default(),
                sample_rows: sample_rows.remove(&key).unwrap_or_default(),
                code: None,
                sample: None,
                row,
            }
        };
        let mut clusters: Vec<Vec<Cluster>> = rows.map(|rows| rows.into_iter().map(&mut cluster).collect()).collect();
        code::fill(self.connection, self.windows, self.repositories, &mut clusters)?;
        Ok(clusters)
    }
}

/// One window's document, redacted as a whole but for what rules say.
pub fn assemble(
    answers: Answers,
    window: &Window,
    period: &Period,
    config: &Config,
    making: &Provenance<'_>,
    redactor: &Redactor,
) -> Result<Document> {
    let Answers { sections, clusters } = answers;
    let clusters = finished(clusters, &sections.environment, window, redactor)?;
    let mut sections = sections;
    sections.repeated_statements.iter_mut().for_each(|row| row.hide_identifier(redactor));
    let sections = redacted(&sections, redactor)?;
    let project = sections.environment.iter().find(|row| row.fact == "project").map(|row| row.value.clone());
    let frame = Frame::new(window, period, config, making);
    Ok(Document { sections, clusters, frame, links: None, queries_page: "", project })
}

/// The same with its texts redacted: what they stand under says what is a secret.
pub fn redacted<T: Serialize + DeserializeOwned>(value: &T, redactor: &Redactor) -> Result<T> {
    rewritten(value, |value| redactor.json(value))
}

/// The same with its texts changed.
pub fn rewritten<T: Serialize + DeserializeOwned>(value: &T, change: impl FnOnce(&mut Value)) -> Result<T> {
    let mut value = serde_json::to_value(value)?;
    change(&mut value);
    serde_json::from_value(value).context("redaction changed a number or a key of the document")
}
