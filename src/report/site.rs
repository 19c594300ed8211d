//! The pages around the worklogs of a history: the index, one for each cluster, one for each revision, and the queries.

use std::{collections::HashMap, path::Path};

use anyhow::Result;

use serde::Serialize;
use serde_json::json;

use super::{
    Renderer,
    document::{
        index::{
            ClusterLife, Index, IndexRevisionRow, LifeRow, LifeSample, Pages, PartRow, Place, PlaceRow, RevisionPage,
            VerdictRow,
        },
        redacted,
        sample::KeptSampleRow,
    },
    sample_entry,
    writer::{Links, WorklogJob, safe_name},
};
use crate::{
    sql::{
        connection::Connection,
        row::{Row, rows_as},
    },
    text::{files, redact::Redactor},
};

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
    pub fn write(&self, index: &mut Index, jobs: &[WorklogJob], index_page: &str) -> Result<()> {
        index.pages = pages(jobs, self.redactor);
        index.spans = self.spans()?;
        if index.by == "day" {
            let prefix = |service: &String| (service.clone(), Links::cluster_prefix(service));
            index.cluster_prefixes = Some(index.sections.services.iter().map(prefix).collect());
            index.revision_pages = Some(revision_pages(&index.sections.revisions));
            self.write_details(index)?;
        }
        files::write(self.out, Links::QUERIES, &self.renderer.render("queries.html", &json!({}))?)?;
        files::write(self.out, index_page, &self.renderer.render("index.html", &index.view())?)?;
        Ok(())
    }

    /// The spans' names in their order.
    fn spans(&self) -> Result<Vec<String>> {
        let mut statement = self.connection.prepare("select focus from spans order by span_number")?;
        let names = statement.query_map([], |row| row.get::<_, String>(0))?;
        Ok(names.collect::<duckdb::Result<_>>()?)
    }

    fn ask<T: Row + Serialize>(&self) -> Result<Vec<T>> {
        let parameters = [("from_ns", self.from_ns.into()), ("to_ns", self.to_ns.into())];
        redacted(&rows_as::<T>(self.connection, &parameters)?, self.redactor)
    }

    fn write_details(&self, index: &Index) -> Result<()> {
        let mut lives = grouped(self.ask::<LifeRow>()?, |row| (&row.service, &row.cluster_id));
        let places = self.ask::<PlaceRow>()?;
        let mut parts = grouped(self.ask::<PartRow>()?, |row| (&row.service, &row.cluster_id));
        let samples = rows_as::<KeptSampleRow>(self.connection, &[])?;
        let samples = grouped(samples, |row| (&row.service, &row.cluster_id));
        let cells = grouped(index.sections.cells.iter().collect(), |row| (&row.service, &row.cluster_id));
        let mut by_cluster = grouped(places.clone(), |row| (&row.service, &row.cluster_id));
        for cluster in &index.sections.clusters {
            let key = (cluster.service.clone(), cluster.cluster_id.clone());
            let page = ClusterLife {
                cluster,
                version: index.version,
                days: lives.remove(&key).unwrap_or_default().into_iter().map(|day| with_page(day, index)).collect(),
                places: by_cluster.remove(&key).unwrap_or_default().into_iter().map(|row| place(row, index)).collect(),
                parts: parts.remove(&key).unwrap_or_default(),
                counts: cells.get(&key).and_then(|rows| rows.first()).map_or(&[][..], |cell| cell.counts.as_slice()),
                sample: samples.get(&key).and_then(|rows| rows.first()).map(|row| self.sample(row)),
            };
            self.put(&cluster_page(&key.0, &key.1), &self.renderer.render("cluster_life.html", &page)?)?;
        }
        self.write_revisions(index, places)
    }

    fn write_revisions(&self, index: &Index, places: Vec<PlaceRow>) -> Result<()> {
        let mut verdicts = grouped(self.ask::<VerdictRow>()?, |row| (&row.service, &row.revision));
        let clusters = grouped(index.sections.clusters.iter().collect(), |row| (&row.service, &row.cluster_id));
        let mut by_revision = grouped(places, |row| (&row.service, &row.revision));
        for revision in &index.sections.revisions {
            let key = (revision.service.clone(), revision.revision.clone());
            let own = by_revision.remove(&key).unwrap_or_default().into_iter().filter_map(|row| {
                let cluster = (row.service.clone(), row.cluster_id.clone());
                let name = clusters.get(&cluster)?.first()?.name.clone();
                Some(Place { page: Some(cluster_page(&row.service, &row.cluster_id)), name: Some(name), row })
            });
            let mut own: Vec<Place> = own.collect();
            own.sort_by_key(|place| std::cmp::Reverse(place.row.entry_count));
            let page = RevisionPage {
                revision,
                base_page: revision.base_revision.as_deref().and_then(|base| page_of_revision(index, &key.0, base)),
                verdicts: verdicts.remove(&key).unwrap_or_default(),
                places: own,
                version: index.version,
            };
            self.put(&revision_page(&key.0, &key.1), &self.renderer.render("revision.html", &page)?)?;
        }
        Ok(())
    }

    /// An entry as worklogs show it.
    fn sample(&self, row: &KeptSampleRow) -> LifeSample {
        let entry = sample_entry::trimmed(&row.shown(), self.redactor);
        LifeSample {
            text: serde_json::to_string_pretty(&entry).unwrap_or_default(),
            insert_id: row.insert_id.clone(),
            file_name: row.file_name.clone(),
            line: row.line,
            timestamp: row.timestamp.clone(),
            project: row.project.clone(),
        }
    }

    fn put(&self, file: &str, text: &str) -> Result<()> {
        let (folder, name) = file.rsplit_once('/').unwrap_or((".", file));
        files::write(&self.out.join(folder), name, text)?;
        Ok(())
    }
}

/// A service, and what is one of its kind in it.
type Key = (String, String);

fn grouped<T>(rows: Vec<T>, key: impl Fn(&T) -> (&String, &String)) -> HashMap<Key, Vec<T>> {
    let mut groups: HashMap<Key, Vec<T>> = HashMap::new();
    for row in rows {
        let (service, name) = key(&row);
        groups.entry((service.clone(), name.clone())).or_default().push(row);
    }
    groups
}

/// The worklogs' pages by service and span, named as they are shown.
fn pages(jobs: &[WorklogJob], redactor: &Redactor) -> Pages {
    let mut pages = Pages::new();
    for job in jobs {
        let (service, focus) = (redactor.text(&job.window.service), redactor.text(&job.period.focus));
        pages.entry(service.into_owned()).or_default().insert(focus.into_owned(), job.page());
    }
    pages
}

fn with_page(mut day: LifeRow, index: &Index) -> LifeRow {
    day.page = index.pages.get(&day.service).and_then(|pages| pages.get(&day.focus)).cloned();
    day
}

fn place(row: PlaceRow, index: &Index) -> Place {
    let page = page_of_revision(index, &row.service, &row.revision).map(str::to_owned);
    Place { row, page, name: None }
}

fn page_of_revision<'a>(index: &'a Index, service: &str, revision: &str) -> Option<&'a str> {
    Some(index.revision_pages.as_ref()?.get(service)?.get(revision)?.as_str())
}

/// The pages of revisions by service and name.
fn revision_pages(revisions: &[IndexRevisionRow]) -> Pages {
    let mut pages = Pages::new();
    for IndexRevisionRow { service, revision, .. } in revisions {
        pages.entry(service.clone()).or_default().insert(revision.clone(), revision_page(service, revision));
    }
    pages
}

fn cluster_page(service: &str, cluster_id: &str) -> String {
    format!("{}{cluster_id}.html", Links::cluster_prefix(service))
}

fn revision_page(service: &str, revision: &str) -> String {
    format!("revisions/{}-{}.html", safe_name(service), safe_name(revision))
}
