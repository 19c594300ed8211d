//! Shapes to patterns, in the tables that people query.

use anyhow::{Context, Result};
use duckdb::{Connection, params};

use super::{growth::Growth, registry::SHAPE_STATS};
use crate::mine::{self, Kind, ShapeId, ShapeStat, pattern::pattern_override::PatternOverride};

/// What the views on entries read; empty until patterns are mined.
pub(super) fn lay_tables(connection: &Connection) -> Result<()> {
    connection.execute_batch(
        "create table if not exists shapes (shape_id varchar, pattern_id varchar, kind varchar, text varchar); \
         create or replace table pattern_templates (pattern_id varchar, template varchar, rule_id varchar); \
         create table if not exists pattern_aliases (old_id varchar, pattern_id varchar)",
    )?;
    Ok(())
}

/// Mines anew, and touches the minutes of what has another pattern since.
pub(super) fn remine(connection: &Connection, overrides: &[PatternOverride], growth: &Growth) -> Result<()> {
    connection.execute_batch(
        "create or replace temp table shapes_before as select shape_id, pattern_id from shapes; \
         create or replace temp table templates_before as select pattern_id, template from pattern_templates; \
         truncate pattern_templates",
    )?;
    mine(connection, overrides)?;
    growth.touch(
        connection,
        "select minute_ns as time_ns from shape_minutes where shape_id in ( \
             select before.shape_id from shapes_before as before left join shapes on before.shape_id = shapes.shape_id \
             where before.pattern_id is distinct from shapes.pattern_id \
         )",
    )?;
    Ok(connection.execute_batch("drop table shapes_before")?)
}

/// Touches the minutes of patterns whose templates are others since: their variables stand elsewhere.
pub(super) fn touch_retold(connection: &Connection, growth: &Growth) -> Result<()> {
    growth.touch(
        connection,
        "select minute_ns as time_ns from shape_minutes where shape_id in ( \
             select shapes.shape_id from shapes \
             inner join pattern_templates as now on shapes.pattern_id = now.pattern_id \
             inner join templates_before as before on now.pattern_id = before.pattern_id \
             where now.template is distinct from before.template \
         )",
    )?;
    Ok(connection.execute_batch("drop table templates_before")?)
}

/// Shapes to patterns; ids that patterns had before and lost stay known as aliases.
pub(super) fn mine(connection: &Connection, overrides: &[PatternOverride]) -> Result<()> {
    connection.execute_batch(
        "create or replace temp table ids_before as \
         select distinct pattern_id as old_id from shapes union select old_id from pattern_aliases; \
         truncate shapes",
    )?;
    let stats = read_shapes(connection)?;
    let views: Vec<ShapeStat<'_>> = stats.iter().map(Shape::stat).collect();
    let patterns = mine::merge(&views, overrides);
    let mut shapes = connection.appender("shapes")?;
    let mut templates = connection.appender("pattern_templates")?;
    for pattern in &patterns {
        let pattern_id = pattern.id.to_string();
        templates.append_row(params![pattern_id, pattern.template, pattern.pattern_override])?;
        for &member in &pattern.members {
            let shape = &stats[member];
            shapes.append_row(params![shape.id.to_string(), pattern_id, shape.kind.as_str(), shape.text])?;
        }
    }
    shapes.flush()?;
    templates.flush()?;
    connection.execute_batch(
        "create or replace table pattern_aliases as \
         select before.old_id, shapes.pattern_id from ids_before as before \
         inner join shapes on before.old_id = shapes.shape_id where before.old_id <> shapes.pattern_id; \
         drop table ids_before",
    )?;
    Ok(())
}

struct Shape {
    id: ShapeId,
    kind: Kind,
    text: String,
    first_at: i64,
    count: u64,
}

impl Shape {
    fn stat(&self) -> ShapeStat<'_> {
        ShapeStat { id: self.id, kind: self.kind, text: &self.text, first_at: self.first_at, count: self.count }
    }
}

fn read_shapes(connection: &Connection) -> Result<Vec<Shape>> {
    let mut statement = connection.prepare(SHAPE_STATS.text())?;
    let mut rows = statement.query([])?;
    let mut shapes = Vec::new();
    while let Some(row) = rows.next()? {
        let (id, kind): (String, String) = (row.get(0)?, row.get(1)?);
        let id = ShapeId::parse(&id).with_context(|| format!("`{id}` is no shape id"))?;
        shapes.push(Shape {
            id,
            kind: Kind::named(&kind),
            text: row.get(2)?,
            first_at: row.get(4)?,
            count: row.get(3)?,
        });
    }
    Ok(shapes)
}
