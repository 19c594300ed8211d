//! The pages around the worklogs of a history: the index, one for each cluster, one for each revision, and the queries.

use std::{collections::HashMap, path::Path};

use anyhow::Result;

use serde_json::{Value, json};

use super::{
    Renderer, sample_entry,
    writer::{Links, WorklogJob, safe_name},
};
use crate::{
    sql::{
        connection::Connection,
        file::{SqlFile, sql},
        query,
    },
    text::{files, redact::Redactor},
};

const LIVES: SqlFile = sql!("history/cluster_lives");
const PLACES: SqlFile = sql!("history/cluster_places");
const PARTS: SqlFile = sql!("history/cluster_parts");
const SAMPLES: SqlFile = sql!("history/cluster_samples");
const VERDICTS: SqlFile = sql!("history/revision_verdicts");

/// What all pages of a site need.
pub struct Site<'a> {
    pub connection: &'a Connection,
    pub renderer: &'a Renderer,
    pub redactor: &'a Redactor,
    pub out: &'a Path,
    pub from_ns: i64,
    pub to_ns: i64,
}

impl Site<'_> {
    /// Writes the pages that the index leads to, and the index itself from its document.
    pub fn write(&self, index: &mut Value, jobs: &[WorklogJob], index_page: &str) -> Result<()> {
        let is_by_day = index["by"] == "day";
        index["pages"] = pages(jobs);
        index["spans"] = self.spans()?;
        if is_by_day {
            let services = index["services"].as_array().into_iter().flatten().filter_map(Value::as_str);
            index["cluster_prefixes"] = services.map(|service| (service, Links::cluster_prefix(service))).collect();
            index["revision_pages"] = revision_pages(&index["revisions"]);
            self.write_details(index)?;
        }
        files::write(self.out, Links::QUERIES, &self.renderer.render("queries.html", &json!({}))?)?;
        files::write(self.out, index_page, &self.renderer.render("index.html", index)?)?;
        Ok(())
    }

    /// The spans' names in their order.
    fn spans(&self) -> Result<Value> {
        let mut statement = self.connection.prepare("select focus from spans order by span_number")?;
        let names = statement.query_map([], |row| row.get::<_, String>(0))?;
        Ok(names.collect::<duckdb::Result<Vec<_>>>()?.into())
    }

    fn write_details(&self, index: &Value) -> Result<()> {
        let ask = |file: &SqlFile| -> Result<Vec<Value>> {
            let parameters = [("from_ns", self.from_ns.into()), ("to_ns", self.to_ns.into())];
            let mut rows = Value::Array(query::rows(self.connection, file, &parameters)?);
            self.redactor.json(&mut rows);
            Ok(rows.as_array().cloned().unwrap_or_default())
        };
        let lives = grouped(ask(&LIVES)?, "cluster_id");
        let places = ask(&PLACES)?;
        let parts = grouped(ask(&PARTS)?, "cluster_id");
        let samples = grouped(query::rows(self.connection, &SAMPLES, &[])?, "cluster_id");
        let cells = grouped(index["cells"].as_array().cloned().unwrap_or_default(), "cluster_id");
        let by_cluster = grouped(places.clone(), "cluster_id");
        let of = |rows: &HashMap<Key, Vec<Value>>, key: &Key| rows.get(key).cloned().unwrap_or_default();
        for row in index["clusters"].as_array().into_iter().flatten() {
            let key = key(row, "cluster_id");
            let mut page = row.clone();
            page["version"] = index["version"].clone();
            page["days"] = of(&lives, &key).into_iter().map(|day| with_page(day, index)).collect();
            page["places"] = of(&by_cluster, &key).into_iter().map(|place| with_revision(place, index)).collect();
            page["parts"] = of(&parts, &key).into();
            page["counts"] = of(&cells, &key).first().map(|cell| cell["counts"].clone()).unwrap_or_default();
            page["sample"] = of(&samples, &key).first().map(|row| self.sample(row)).unwrap_or_default();
            let file = format!("{}{}.html", Links::cluster_prefix(&key.0), key.1);
            self.put(&file, &self.renderer.render("cluster_life.html", &page)?)?;
        }
        self.write_revisions(index, places, grouped(ask(&VERDICTS)?, "revision"))
    }

    fn write_revisions(&self, index: &Value, places: Vec<Value>, mut verdicts: HashMap<Key, Vec<Value>>) -> Result<()> {
        let clusters = grouped(index["clusters"].as_array().cloned().unwrap_or_default(), "cluster_id");
        let mut by_revision = grouped(places, "revision");
        for revision in index["revisions"].as_array().into_iter().flatten() {
            let key = key(revision, "revision");
            let mut own = by_revision.remove(&key).unwrap_or_default();
            own.retain_mut(|place| {
                let cluster = (key.0.clone(), place["cluster_id"].as_str().unwrap_or_default().to_owned());
                let name = clusters.get(&cluster).map(|rows| rows[0]["name"].clone());
                place["page"] = format!("{}{}.html", Links::cluster_prefix(&cluster.0), cluster.1).into();
                place["name"] = name.clone().unwrap_or_default();
                name.is_some()
            });
            own.sort_by_key(|place| std::cmp::Reverse(place["entry_count"].as_u64()));
            let page = json!({
                "revision": revision,
                "base_page": index["revision_pages"][&key.0][revision["base_revision"].as_str().unwrap_or("\0")],
                "verdicts": verdicts.remove(&key).unwrap_or_default(),
                "places": own,
                "version": index["version"],
            });
            self.put(&revision_page(&key.0, &key.1), &self.renderer.render("revision.html", &page)?)?;
        }
        Ok(())
    }

    /// An entry as worklogs show it.
    fn sample(&self, row: &Value) -> Value {
        let mut entry = sample_entry::trimmed(row);
        self.redactor.json(&mut entry);
        json!({
            "text": serde_json::to_string_pretty(&entry).unwrap_or_default(),
            "insert_id": row["insert_id"],
            "file_name": row["file_name"],
            "line": row["line"],
            "timestamp": row["timestamp"],
            "project": row["project"],
        })
    }

    fn put(&self, file: &str, text: &str) -> Result<()> {
        let (folder, name) = file.rsplit_once('/').unwrap_or((".", file));
        files::write(&self.out.join(folder), name, text)?;
        Ok(())
    }
}

/// A service, and what is one of its kind in it.
type Key = (String, String);

fn key(row: &Value, column: &str) -> Key {
    let text = |column: &str| row[column].as_str().unwrap_or_default().to_owned();
    (text("service"), text(column))
}

fn grouped(rows: Vec<Value>, column: &str) -> HashMap<Key, Vec<Value>> {
    let mut groups: HashMap<Key, Vec<Value>> = HashMap::new();
    for row in rows {
        groups.entry(key(&row, column)).or_default().push(row);
    }
    groups
}

/// The worklogs' pages by service and span.
fn pages(jobs: &[WorklogJob]) -> Value {
    let mut pages = json!({});
    for job in jobs {
        pages[job.window.service.as_str()][job.period.focus.as_str()] = job.page().into();
    }
    pages
}

fn with_page(mut day: Value, index: &Value) -> Value {
    let (service, focus) = (day["service"].as_str().unwrap_or_default(), day["focus"].as_str().unwrap_or_default());
    day["page"] = index["pages"][service][focus].clone();
    day
}

fn with_revision(mut place: Value, index: &Value) -> Value {
    let text = |column: &str| place[column].as_str().unwrap_or_default();
    place["page"] = index["revision_pages"][text("service")][text("revision")].clone();
    place
}

/// The pages of revisions by service and name.
fn revision_pages(revisions: &Value) -> Value {
    let mut pages = json!({});
    for row in revisions.as_array().into_iter().flatten() {
        let (service, revision) = key(row, "revision");
        pages[&service][&revision] = revision_page(&service, &revision).into();
    }
    pages
}

fn revision_page(service: &str, revision: &str) -> String {
    format!("revisions/{}-{}.html", safe_name(service), safe_name(revision))
}
