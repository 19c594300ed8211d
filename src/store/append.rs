//! Appends what the parsers hand over, inside one transaction.

use anyhow::Result;
use duckdb::{Appender, Connection, params};
use rustc_hash::FxHashSet;

use crate::ingest::parse::Parsed;

/// The open appenders of one transaction, and which rows of the small tables are there.
pub struct Writer<'a> {
    entries: Appender<'a>,
    sources: Appender<'a>,
    label_sets: Appender<'a>,
    call_sites: Appender<'a>,
    shapes: Appender<'a>,
    known: FxHashSet<u64>,
}

impl<'a> Writer<'a> {
    pub fn new(connection: &'a Connection) -> Result<Self> {
        Ok(Self {
            entries: connection.appender("raw_entries")?,
            sources: connection.appender("sources")?,
            label_sets: connection.appender("label_sets")?,
            call_sites: connection.appender("call_sites")?,
            shapes: connection.appender("raw_shapes")?,
            known: known_ids(connection)?,
        })
    }

    pub fn take(&mut self, parsed: &mut Parsed) -> Result<()> {
        if let Some(batch) = parsed.entries.take() {
            self.entries.append_record_batch(batch)?;
        }
        for (id, row) in parsed.dictionaries.sources.drain(..) {
            if self.known.insert(id) {
                let (project, resource, service) = (&*row.project, &*row.resource_type, &*row.service);
                let (revision, location, log_id) = (&*row.revision, &*row.location, &*row.log_id);
                self.sources.append_row(params![id, project, resource, service, revision, location, log_id])?;
            }
        }
        for (id, instance_id, labels) in parsed.dictionaries.label_sets.drain(..) {
            if self.known.insert(id) {
                self.label_sets.append_row(params![id, instance_id, labels])?;
            }
        }
        for (id, site) in parsed.dictionaries.call_sites.drain(..) {
            if self.known.insert(id) {
                self.call_sites.append_row(params![id, &*site.module, &*site.function, site.line])?;
            }
        }
        for (id, kind, text) in parsed.shapes.drain(..) {
            if self.known.insert(id.as_u64()) {
                self.shapes.append_row(params![id.to_string(), kind.as_str(), text])?;
            }
        }
        Ok(())
    }

    pub fn finish(mut self) -> Result<()> {
        for appender in
            [&mut self.entries, &mut self.sources, &mut self.label_sets, &mut self.call_sites, &mut self.shapes]
        {
            appender.flush()?;
        }
        Ok(())
    }
}

fn known_ids(connection: &Connection) -> Result<FxHashSet<u64>> {
    let mut known = FxHashSet::default();
    for (table, column) in [("sources", "source_id"), ("label_sets", "label_set_id"), ("call_sites", "call_site_id")] {
        let mut statement = connection.prepare(&format!("select {column} from {table}"))?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            known.insert(row.get(0)?);
        }
    }
    let mut statement = connection.prepare("select shape_id from raw_shapes")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let id: String = row.get(0)?;
        known.extend(crate::mine::ShapeId::parse(&id).map(crate::mine::ShapeId::as_u64));
    }
    Ok(known)
}
