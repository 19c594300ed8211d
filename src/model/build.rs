//! Builds everything that covers the whole archive: patterns first, then the facts, then the checks.

use anyhow::{Context, Result, bail};
use duckdb::{Connection, params};

use super::{
    SqlFile,
    registry::{CHECKS, FACTS, SHAPE_STATS, VIEWS},
    rows, run_named,
};
use crate::{
    mine::{self, Kind, ShapeId, ShapeStat},
    rules::{Rule, RuleSet},
    store,
};

/// Builds if anything was loaded, or the rules or the program changed, since the last time.
pub fn build(connection: &Connection, rules: &RuleSet) -> Result<bool> {
    let state = state_of(connection, rules)?;
    if store::meta(connection, "built_state")?.as_deref() == Some(&state) {
        return Ok(false);
    }
    connection.execute_batch("begin")?;
    let result = build_all(connection, rules).and_then(|()| store::set_meta(connection, "built_state", &state));
    connection.execute_batch(if result.is_ok() { "commit" } else { "rollback" })?;
    result.map(|()| true)
}

fn state_of(connection: &Connection, rules: &RuleSet) -> Result<String> {
    let sql = "select count(*)::varchar || '/' || coalesce(max(file_id), 0)::varchar from files";
    let files: String = connection.query_row(sql, [], |row| row.get(0))?;
    Ok(format!("files {files}, rules {}, gardener {}", rules.version_hash, env!("CARGO_PKG_VERSION")))
}

fn build_all(connection: &Connection, rules: &RuleSet) -> Result<()> {
    mine_patterns(connection).context("failed to mine patterns")?;
    store_rules(connection, rules)?;
    for view in VIEWS {
        run_named(connection, &format!("create or replace view {} as ", view.stem()), view, &[])?;
    }
    for fact in FACTS {
        run_named(connection, &format!("create or replace table {} as ", fact.stem()), fact, &[])?;
    }
    CHECKS.iter().try_for_each(|check| run_check(connection, check))
}

fn run_check(connection: &Connection, check: &SqlFile) -> Result<()> {
    let found = rows(connection, check, &[])?;
    match found.first() {
        None => Ok(()),
        Some(row) => bail!("check `{}` failed: {row}\n\nhint: {} says what should hold", check.stem(), check.path),
    }
}

/// Shapes to patterns; ids that patterns had before and lost stay known as aliases.
fn mine_patterns(connection: &Connection) -> Result<()> {
    connection.execute_batch(
        "create table if not exists shapes (shape_id varchar, pattern_id varchar, kind varchar, text varchar); \
         create table if not exists pattern_templates (pattern_id varchar, template varchar); \
         create table if not exists pattern_aliases (old_id varchar, pattern_id varchar); \
         create or replace temp table ids_before as \
         select distinct pattern_id as old_id from shapes union select old_id from pattern_aliases; \
         truncate shapes; truncate pattern_templates",
    )?;
    let stats = read_shapes(connection)?;
    let views: Vec<ShapeStat<'_>> = stats.iter().map(Shape::stat).collect();
    let patterns = mine::merge(&views);
    let mut shapes = connection.appender("shapes")?;
    let mut templates = connection.appender("pattern_templates")?;
    for pattern in &patterns {
        let pattern_id = pattern.id.to_string();
        templates.append_row(params![pattern_id, pattern.template])?;
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
    let mut statement = connection.prepare(SHAPE_STATS.text)?;
    let mut rows = statement.query([])?;
    let mut shapes = Vec::new();
    while let Some(row) = rows.next()? {
        let (id, kind): (String, String) = (row.get(0)?, row.get(1)?);
        let kind = if kind == Kind::Exception.as_str() { Kind::Exception } else { Kind::Message };
        let id = ShapeId::parse(&id).with_context(|| format!("`{id}` is no shape id"))?;
        shapes.push(Shape { id, kind, text: row.get(2)?, first_at: row.get(4)?, count: row.get(3)? });
    }
    Ok(shapes)
}

/// Rules as rows, in order of precedence, for SQL to match.
fn store_rules(connection: &Connection, rules: &RuleSet) -> Result<()> {
    connection.execute_batch("create or replace table raw_rules (position integer, body json)")?;
    let mut insert = connection.prepare("insert into raw_rules values (?, ?)")?;
    for (position, rule) in rules.rules.iter().enumerate() {
        insert.execute(params![position as i32, rule_row(rule).to_string()])?;
    }
    Ok(())
}

/// A rule as SQL reads it: regexes as text, severities and statuses as numbers from and to.
fn rule_row(rule: &Rule) -> serde_json::Value {
    let conditions = &rule.matches;
    let (severity_from, severity_to) =
        match conditions.severity.map(|condition| (condition.op.as_str(), condition.number)) {
            None => (None, None),
            Some((">=", number)) => (Some(number), None),
            Some((">", number)) => (Some(number + 1), None),
            Some(("<=", number)) => (None, Some(number)),
            Some(("<", number)) => (None, number.checked_sub(1)),
            Some((_, number)) => (Some(number), Some(number)),
        };
    serde_json::json!({
        "id": rule.id,
        "source": rule.source,
        "match": conditions,
        "severity_from": severity_from,
        "severity_to": severity_to,
        "status_from": conditions.status.map(|status| status.low),
        "status_to": conditions.status.map(|status| status.high),
        "set": rule.set,
    })
}
