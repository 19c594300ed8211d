//! The clusters of the windows as issues tell of them: what the worklog says, and what goes beyond its window.

use std::path::Path;

use anyhow::Result;

use jiff::Timestamp;
use serde_json::Value;

use super::reported::Reported;
use crate::{
    archive::{Asked, redactor},
    config::Config,
    model::window::{Window, Windows, build_marts},
    report::document::{
        self, Frame, Provenance,
        cluster::{ClusterRevisionRow, ClusterRow},
        cluster_answers, finished,
        issue::{IssueCluster, IssueDocument, IssueFactRow, IssueFrame},
        rewritten,
    },
    sql::{connection::Connection, row::rows_as},
    text::escape::without_marks,
};

/// One cluster over the archive, and so one issue.
#[derive(Debug, Clone)]
pub struct Cluster {
    pub service: String,
    pub cluster_id: String,
    /// In its worklog; several where the window cuts one cluster in parts.
    pub numbers: Vec<u64>,
    pub name: String,
    pub category: String,
    pub now: Reported,
    /// Why no issue is wanted.
    pub omitted: Option<Omitted>,
    /// What templates read.
    pub document: IssueDocument,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Omitted {
    Expected,
    LessUrgent,
}

impl Cluster {
    pub fn row(&self) -> &ClusterRow {
        &self.document.cluster.cluster.row
    }

    pub fn template(&self) -> &str {
        self.document.cluster.cluster.members.first().map_or("", |lead| lead.template.as_str())
    }

    pub fn revisions(&self) -> &[ClusterRevisionRow] {
        &self.document.cluster.cluster.cluster_revisions
    }

    /// The numbers of clusters that this one follows, in its worklog.
    pub fn causes(&self) -> impl Iterator<Item = u64> {
        self.document.cluster.cluster.follows.iter().map(|row| row.cause_number)
    }
}

/// The clusters of all windows, in the order of their worklogs.
pub fn read(
    connection: &Connection,
    config: &Config,
    asked: &Asked,
    list: &[Window],
    least_priority: &str,
) -> Result<Vec<Cluster>> {
    let windows = Windows { list, minimum_severity: config.minimum_severity() };
    build_marts(connection, &windows)?;
    let database = connection.path().and_then(Path::file_name).map(|name| name.to_string_lossy().into_owned());
    let making = Provenance {
        generated_ns: asked.as_of.unwrap_or_else(|| Timestamp::now().as_second() * 1_000_000_000),
        zone: asked.zone.iana_name().unwrap_or("UTC"),
        database: &database.unwrap_or_else(|| "garden.duckdb".into()),
        minimum_severity: config.minimum_severity(),
    };
    let redactor = redactor(connection, config)?;
    let facts = rows_as::<IssueFactRow>(connection, &windows.parameters())?;
    let mut clusters = Vec::new();
    for (id, (window, answers)) in list.iter().zip(cluster_answers(connection, &windows)?).enumerate() {
        let rows = finished(answers.clusters, &answers.environment, window, &redactor)?;
        let rows = rewritten(&rows, neutralise)?;
        let frame = IssueFrame::from(Frame::new(window, &asked.period, config, &making));
        let frame = rewritten(&frame, neutralise)?;
        let own = facts.iter().filter(|row| row.window_id == id);
        clusters.extend(clusters_of(rows, &frame, &window.service, own, least_priority));
    }
    Ok(clusters)
}

fn clusters_of<'a>(
    mut rows: Vec<document::cluster::Cluster>,
    frame: &IssueFrame,
    service: &str,
    facts: impl Iterator<Item = &'a IssueFactRow>,
    least_priority: &str,
) -> Vec<Cluster> {
    let mut clusters: Vec<Cluster> = Vec::new();
    for fact in facts {
        let Some(place) = rows.iter().position(|row| row.row.lead_id == fact.lead_id) else { continue };
        let cluster = cluster(frame, service, rows.remove(place), fact, least_priority);
        // in a window without its lead, the rest of a cluster may be two
        match clusters.iter_mut().find(|known| known.cluster_id == cluster.cluster_id) {
            Some(known) => known.take_in(cluster),
            None => clusters.push(cluster),
        }
    }
    clusters
}

fn cluster(
    frame: &IssueFrame,
    service: &str,
    cluster: document::cluster::Cluster,
    fact: &IssueFactRow,
    least_priority: &str,
) -> Cluster {
    let row = &cluster.row;
    let omitted = match () {
        () if row.is_expected => Some(Omitted::Expected),
        () if row.priority.as_str() > least_priority => Some(Omitted::LessUrgent),
        () => None,
    };
    Cluster {
        service: service.to_owned(),
        cluster_id: fact.cluster_id.clone(),
        numbers: vec![row.cluster_number],
        name: row.name.clone(),
        category: row.category.clone(),
        now: Reported {
            entry_count: fact.archive_count,
            last_ns: row.last_ns,
            priority: row.priority.clone(),
            state: row.state.clone(),
        },
        omitted,
        document: IssueDocument { cluster: IssueCluster::new(cluster, fact), frame: frame.clone() },
    }
}

impl Cluster {
    fn take_in(&mut self, part: Cluster) {
        self.now.last_ns = self.now.last_ns.max(part.now.last_ns);
        self.numbers.extend(part.numbers);
        self.document.cluster.parts.push(part.document.cluster);
    }
}

/// No text of an entry may look like a marker or refer to an issue, in code and samples neither.
fn neutralise(value: &mut Value) {
    match value {
        Value::String(text) => *text = without_marks(text).into_owned(),
        Value::Array(items) => items.iter_mut().for_each(neutralise),
        Value::Object(map) => map.values_mut().for_each(neutralise),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}
