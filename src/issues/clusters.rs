//! The clusters of the windows as issues tell of them: what the worklog says, and what goes beyond its window.

use std::{
    collections::{HashMap, HashSet},
    path::Path,
    rc::Rc,
};

use anyhow::Result;

use duckdb::types::Value as SqlValue;
use jiff::Timestamp;
use serde_json::Value;

use super::{matching::KnownIds, reported::Reported};
use crate::{
    archive::{Asked, redactor},
    config::Config,
    model::window::{Window, Windows, build_cluster_details},
    report::document::{
        self, Frame, Provenance,
        cluster::ClusterRow,
        cluster_answers, finished,
        incidents::FollowRow,
        issue::{
            IssueCluster, IssueDocument, IssueFactRow, IssueFrame, LaterEntriesRow, RevisionPlaceRow, SeenRevisionRow,
        },
        rewritten,
    },
    repository::Repositories,
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
    /// The name, with what tells it from another of the plan that is called the same.
    pub title: String,
    pub category: String,
    /// What else it may be known by where the database is another one.
    pub ids: Vec<String>,
    /// Over the archive, by revision; the first seen first.
    pub seen: Vec<SeenRevisionRow>,
    /// Of its service, in the order in which they were deployed.
    pub revisions: Rc<[RevisionPlaceRow]>,
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

    /// Where the code is that wrote its first pattern.
    fn site(&self) -> Option<String> {
        let lead = self.document.cluster.cluster.members.first()?;
        let module = lead.call_module.as_ref()?;
        Some(lead.call_function.as_ref().map_or(module.clone(), |function| format!("{module}.{function}")))
    }

    /// The end of its window.
    pub fn to_ns(&self) -> i64 {
        self.document.frame.window.to_ns
    }

    /// `in 12 of 14 runs`, where this is an effect of the cluster itself.
    pub fn how_it_follows(&self, cause: &Cluster) -> Option<String> {
        let follows = &self.document.cluster.cluster.follows;
        follows.iter().find(|row| cause.numbers.contains(&row.cause_number)).map(FollowRow::often)
    }

    /// The numbers of clusters that this one follows, in its worklog.
    pub fn causes(&self) -> impl Iterator<Item = u64> {
        self.document.cluster.cluster.follows.iter().map(|row| row.cause_number)
    }
}

/// The clusters of all windows, in the order of their worklogs.
pub(super) fn read(
    connection: &Connection,
    config: &Config,
    asked: &Asked,
    list: &[Window],
    ids: &KnownIds,
    least_priority: &str,
    repositories: &Repositories,
) -> Result<Vec<Cluster>> {
    let windows = Windows { list, minimum_severity: config.minimum_severity() };
    build_cluster_details(connection, &windows)?;
    let database = connection.path().and_then(Path::file_name).map(|name| name.to_string_lossy().into_owned());
    let making = Provenance {
        generated_ns: asked.as_of.unwrap_or_else(|| Timestamp::now().as_second() * 1_000_000_000),
        zone: asked.zone.iana_name().unwrap_or("UTC"),
        database: &database.unwrap_or_else(|| "garden.duckdb".into()),
        minimum_severity: config.minimum_severity(),
    };
    let redactor = redactor(connection, config)?;
    let facts = rows_as::<IssueFactRow>(connection, &windows.parameters())?;
    let seen = rows_as::<SeenRevisionRow>(connection, &windows.parameters())?;
    let places = rows_as::<RevisionPlaceRow>(connection, &windows.parameters())?;
    let mut clusters = Vec::new();
    for (id, (window, answers)) in list.iter().zip(cluster_answers(connection, &windows, repositories)?).enumerate() {
        let rows = finished(answers.clusters, &answers.environment, window, &redactor)?;
        let rows = rewritten(&rows, neutralise)?;
        let frame = IssueFrame::from(Frame::new(window, &asked.period, config, &making));
        let frame = rewritten(&frame, neutralise)?;
        let own = facts.iter().filter(|row| row.window_id == id);
        let mut own = clusters_of(rows, &frame, &window.service, own, least_priority);
        let revisions: Rc<[_]> = places.iter().filter(|row| row.window_id == id).cloned().collect();
        for cluster in &mut own {
            cluster.ids = ids.others(&cluster.service, &cluster.cluster_id);
            let is_own = |row: &&SeenRevisionRow| row.window_id == id && row.cluster_id == cluster.cluster_id;
            cluster.seen = seen.iter().filter(is_own).cloned().collect();
            cluster.now.revision = newest(&cluster.seen, &revisions);
            cluster.revisions = Rc::clone(&revisions);
        }
        clusters.extend(own);
    }
    tell_apart(&mut clusters);
    Ok(clusters)
}

/// Adds to names that several clusters have what they differ by: the service, else where the code is, else the id.
fn tell_apart(clusters: &mut [Cluster]) {
    let kinds: [fn(&Cluster) -> Option<String>; 3] =
        [|cluster| Some(cluster.service.clone()), Cluster::site, |cluster| Some(cluster.cluster_id.clone())];
    for differing in kinds {
        let mut known: HashMap<String, HashSet<Option<String>>> = HashMap::new();
        for cluster in clusters.iter().filter(|cluster| cluster.omitted.is_none()) {
            known.entry(cluster.title.clone()).or_default().insert(differing(cluster));
        }
        for cluster in clusters.iter_mut() {
            let differs = known.get(&cluster.title).is_some_and(|values| values.len() > 1);
            if differs && let Some(difference) = differing(cluster) {
                cluster.title = format!("{} ({difference})", cluster.title);
            }
        }
    }
}

/// The newest revision in which a cluster was seen.
fn newest(seen: &[SeenRevisionRow], revisions: &[RevisionPlaceRow]) -> Option<String> {
    let is_seen = |row: &&RevisionPlaceRow| seen.iter().any(|seen| seen.revision == row.revision);
    revisions.iter().rev().find(is_seen).map(|row| row.revision.clone())
}

/// How many entries of a cluster came after a time, up to the end of its window.
pub(super) fn later_count(connection: &Connection, cluster: &Cluster, after_ns: i64) -> Result<i64> {
    let values = [
        ("service", SqlValue::Text(cluster.service.clone())),
        ("cluster_id", SqlValue::Text(cluster.cluster_id.clone())),
        ("from_ns", SqlValue::BigInt(after_ns)),
        ("to_ns", SqlValue::BigInt(cluster.to_ns())),
    ];
    Ok(rows_as::<LaterEntriesRow>(connection, &values)?.first().map_or(0, |row| row.later_count))
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
        title: row.name.clone(),
        category: row.category.clone(),
        ids: Vec::new(),
        seen: Vec::new(),
        revisions: Rc::new([]),
        now: Reported {
            entry_count: fact.archive_count,
            last_ns: row.last_ns,
            priority: row.priority.clone(),
            state: row.state.clone(),
            revision: None,
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
