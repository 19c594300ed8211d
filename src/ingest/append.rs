//! Stores what loading gathered beside the rows of entries, inside the same transaction.

use anyhow::Result;
use duckdb::{Connection, params};
use rustc_hash::FxHashSet;

use super::{load_accumulator::PendingRows, source::Source};
use crate::{
    mine::{Kind, Mined, ShapeId, ShapeSet},
    store::{meta, set_meta},
};

/// Where the database remembers the first id that was left out; checks read it.
const SHAPES_END: &str = "shapes_end";

/// Which rows of the small tables are there.
pub struct Known {
    /// Of sources, label sets and call sites.
    pub ids: FxHashSet<u64>,
    /// The shapes of the database and of what is coming in, within bounds.
    pub shapes: ShapeSet,
    stored_shapes: FxHashSet<ShapeId>,
}

impl Known {
    pub fn read(connection: &Connection) -> Result<Self> {
        let (shapes, stored_shapes) = stored_shapes(connection)?;
        Ok(Self { ids: known_ids(connection)?, shapes, stored_shapes })
    }

    /// Adds the shapes that are new, and drops those that are no longer kept: ids sort as text as they do as numbers.
    pub fn write_shapes(&self, connection: &Connection) -> Result<()> {
        let mut appender = connection.appender("raw_shapes")?;
        for shape in self.shapes.stats().iter().filter(|shape| !self.stored_shapes.contains(&shape.id)) {
            appender.append_row(params![shape.id.to_string(), shape.kind.as_str(), shape.text])?;
        }
        appender.flush()?;
        if let Some(end) = self.shapes.end() {
            connection.execute("delete from raw_shapes where shape_id >= ?", [end.to_string()])?;
            set_meta(connection, SHAPES_END, &end.to_string())?;
        }
        Ok(())
    }
}

/// Rows of the small tables, each of them new.
pub fn write_due(connection: &Connection, due: &PendingRows) -> Result<()> {
    let mut sources = connection.appender("sources")?;
    for (id, row) in &due.dictionaries.sources {
        let Source { project, resource_type, service, revision, location, log_id, kind, place, .. } = row;
        let (instance_id, filter, labels) = (&row.instance_id, &row.filter, &row.resource_labels);
        sources.append_row(params![
            id,
            project,
            resource_type,
            service,
            revision,
            location,
            log_id,
            kind,
            place,
            instance_id,
            filter,
            labels
        ])?;
    }
    sources.flush()?;
    let mut label_sets = connection.appender("label_sets")?;
    for (id, instance_id, labels) in &due.dictionaries.label_sets {
        label_sets.append_row(params![id, instance_id, labels])?;
    }
    label_sets.flush()?;
    let mut call_sites = connection.appender("call_sites")?;
    for (id, site) in &due.dictionaries.call_sites {
        call_sites.append_row(params![id, &*site.module, &*site.function, site.line])?;
    }
    call_sites.flush()?;
    let mut rejects = connection.appender("rejects")?;
    for (file_id, reject) in &due.rejects {
        let (line, offset, bytes) = (reject.line, reject.byte_offset, reject.bytes);
        rejects.append_row(params![file_id, line, offset, bytes, reject.count, reject.reason, reject.raw])?;
    }
    rejects.flush()?;
    Ok(())
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
