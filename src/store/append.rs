//! Appends what the parsers hand over, inside one transaction.

use anyhow::Result;
use duckdb::{Appender, Connection, params};
use rustc_hash::FxHashSet;

use super::{meta, set_meta};
use crate::{
    ingest::parse::Parsed,
    mine::{Kind, Mined, ShapeId, ShapeSet},
};

/// Where the database remembers the first id that was left out; checks read it.
const SHAPES_END: &str = "shapes_end";

/// The open appenders of one transaction, and which rows of the small tables are there.
pub struct Writer<'a> {
    connection: &'a Connection,
    entries: Appender<'a>,
    sources: Appender<'a>,
    label_sets: Appender<'a>,
    call_sites: Appender<'a>,
    known: FxHashSet<u64>,
    /// The shapes of the database and of what is coming in, within bounds.
    shapes: ShapeSet,
    stored_shapes: FxHashSet<ShapeId>,
}

impl<'a> Writer<'a> {
    pub fn new(connection: &'a Connection) -> Result<Self> {
        let (shapes, stored_shapes) = stored_shapes(connection)?;
        Ok(Self {
            connection,
            entries: connection.appender("raw_entries")?,
            sources: connection.appender("sources")?,
            label_sets: connection.appender("label_sets")?,
            call_sites: connection.appender("call_sites")?,
            known: known_ids(connection)?,
            shapes,
            stored_shapes,
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
            self.shapes.add(Mined { id, kind, text: &text }, 0);
        }
        Ok(())
    }

    pub fn finish(mut self) -> Result<()> {
        for appender in [&mut self.entries, &mut self.sources, &mut self.label_sets, &mut self.call_sites] {
            appender.flush()?;
        }
        self.write_shapes()
    }

    /// Adds the shapes that are new, and drops those that are no longer kept: ids sort as text as they do as numbers.
    fn write_shapes(&self) -> Result<()> {
        let mut appender = self.connection.appender("raw_shapes")?;
        for shape in self.shapes.stats().iter().filter(|shape| !self.stored_shapes.contains(&shape.id)) {
            appender.append_row(params![shape.id.to_string(), shape.kind.as_str(), shape.text])?;
        }
        appender.flush()?;
        if let Some(end) = self.shapes.end() {
            self.connection.execute("delete from raw_shapes where shape_id >= ?", [end.to_string()])?;
            set_meta(self.connection, SHAPES_END, &end.to_string())?;
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
    Ok(known)
}

fn stored_shapes(connection: &Connection) -> Result<(ShapeSet, FxHashSet<ShapeId>)> {
    let mut shapes = ShapeSet::ending_at(meta(connection, SHAPES_END)?.as_deref().and_then(ShapeId::parse));
    let mut ids = FxHashSet::default();
    let mut statement = connection.prepare("select shape_id, kind, text from raw_shapes")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let (id, kind, text): (String, String, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
        if let Some(id) = ShapeId::parse(&id) {
            shapes.add(Mined { id, kind: Kind::named(&kind), text: &text }, 0);
            ids.insert(id);
        }
    }
    Ok((shapes, ids))
}
