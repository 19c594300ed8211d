//! The clusters of the windows as issues tell of them: what the worklog says, and what goes beyond its window.

use std::path::Path;

use anyhow::Result;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::reported::Told;
use crate::{
    archive::{Asked, redactor},
    config::Config,
    model::window::{Window, Windows, build_marts},
    report::document::{Making, assemble, cluster_answers},
    sql::{
        connection::Connection,
        file::{SqlFile, sql},
        query,
    },
    text::escape::without_marks,
};

const ISSUE_FACTS: SqlFile = sql!("issues/issue_facts");

/// One cluster over the archive, and so one issue.
#[derive(Debug, Clone)]
pub struct Cluster {
    pub service: String,
    pub cluster_id: String,
    /// In its worklog; several where the window cuts one cluster in parts.
    pub numbers: Vec<u64>,
    pub name: String,
    pub category: String,
    pub now: Told,
    /// Why no issue is wanted.
    pub omitted: Option<Omitted>,
    /// What templates read: `cluster`, `service`, `window`, `making`.
    pub document: Value,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Omitted {
    Expected,
    LessUrgent,
}

impl Cluster {
    pub fn text(&self, key: &str) -> &str {
        self.document["cluster"][key].as_str().unwrap_or_default()
    }

    pub fn template(&self) -> &str {
        self.document["cluster"]["members"][0]["template"].as_str().unwrap_or_default()
    }

    pub fn revisions(&self) -> &Value {
        &self.document["cluster"]["cluster_revisions"]
    }

    /// The numbers of clusters that this one follows, in its worklog.
    pub fn causes(&self) -> impl Iterator<Item = u64> {
        self.document["cluster"]["follows"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|row| row["cause_number"].as_u64())
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
    let making = Making {
        generated_ns: asked.as_of.unwrap_or_else(|| Timestamp::now().as_second() * 1_000_000_000),
        zone: asked.zone.iana_name().unwrap_or("UTC"),
        database: &database.unwrap_or_else(|| "garden.duckdb".into()),
        minimum_severity: config.minimum_severity(),
    };
    let redactor = redactor(connection, config)?;
    let facts = query::rows(connection, &ISSUE_FACTS, &windows.parameters())?;
    let mut clusters = Vec::new();
    for (id, (window, answers)) in list.iter().zip(cluster_answers(connection, &windows)?).enumerate() {
        let mut document = assemble(answers, window, &asked.period, config, &making, &redactor);
        neutralise(&mut document);
        let own = facts.iter().filter(|row| row["window_id"].as_u64() == u64::try_from(id).ok());
        clusters.extend(clusters_of(&mut document, &window.service, own, least_priority));
    }
    Ok(clusters)
}

fn clusters_of<'a>(
    document: &mut Value,
    service: &str,
    facts: impl Iterator<Item = &'a Value>,
    least_priority: &str,
) -> Vec<Cluster> {
    let mut clusters: Vec<Cluster> = Vec::new();
    let rows = document["clusters"].take();
    for fact in facts {
        let Some(row) = rows.as_array().into_iter().flatten().find(|row| row["lead_id"] == fact["lead_id"]) else {
            continue;
        };
        let cluster = cluster(document, service, row, fact, least_priority);
        // in a window without its lead, the rest of a cluster may be two
        match clusters.iter_mut().find(|known| known.cluster_id == cluster.cluster_id) {
            Some(known) => known.take_in(cluster),
            None => clusters.push(cluster),
        }
    }
    clusters
}

fn cluster(frame: &Value, service: &str, row: &Value, fact: &Value, least_priority: &str) -> Cluster {
    let text = |key: &str| row[key].as_str().unwrap_or_default().to_owned();
    let mut row = row.clone();
    for key in ["first_seen_ns", "archive_count", "query", "is_plain"] {
        row[key] = fact[key].clone();
    }
    row["parts"] = json!([]);
    let omitted = match () {
        () if row["is_expected"] == true => Some(Omitted::Expected),
        () if text("priority").as_str() > least_priority => Some(Omitted::LessUrgent),
        () => None,
    };
    Cluster {
        service: service.to_owned(),
        cluster_id: fact["cluster_id"].as_str().unwrap_or_default().to_owned(),
        numbers: row["cluster_number"].as_u64().into_iter().collect(),
        name: text("name"),
        category: text("category"),
        now: Told {
            entry_count: fact["archive_count"].as_i64().unwrap_or(0),
            last_ns: row["last_ns"].as_i64().unwrap_or(0),
            priority: text("priority"),
            state: text("state"),
        },
        omitted,
        document: json!({"cluster": row, "service": frame["service"], "window": frame["window"], "making": frame["making"]}),
    }
}

impl Cluster {
    fn take_in(&mut self, part: Cluster) {
        self.now.last_ns = self.now.last_ns.max(part.now.last_ns);
        self.numbers.extend(part.numbers);
        if let Some(parts) = self.document["cluster"]["parts"].as_array_mut() {
            parts.push(part.document["cluster"].clone());
        }
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
