//! Builds everything that covers the whole archive: traces and patterns first, then the facts, then the checks.

use anyhow::{Context, Result, bail};
use duckdb::params;
use xxhash_rust::xxh3::xxh3_64;

use super::{
    macros, patterns,
    registry::{CHECKS, CLUSTER_FACTS, FACTS, MINING, STAGED, VIEWS},
    splits, traces,
    window::{self, GROUPING, Window, Windows},
};
use crate::{
    config::Config,
    mine::{MERGE_VERSION, SHAPE_VERSION},
    rules::Rule,
    sql::{
        allowed,
        connection::Connection,
        file::SqlFile,
        query::{Source, rows, run_named, run_source},
    },
    store,
};

/// Builds if anything was loaded, or the rules or the program changed, since the last time.
pub fn build(connection: &Connection, config: &Config) -> Result<bool> {
    let state = state_of(connection, config)?;
    if store::meta(connection, "built_state")?.as_deref() == Some(&state) {
        macros::register(connection)?;
        return Ok(false);
    }
    connection.execute_batch("begin")?;
    let result = build_all(connection, config).and_then(|()| store::set_meta(connection, "built_state", &state));
    connection.execute_batch(if result.is_ok() { "commit" } else { "rollback" })?;
    result.map(|()| true)
}

fn state_of(connection: &Connection, config: &Config) -> Result<String> {
    let sql = "select count(*)::varchar || '/' || coalesce(max(file_id), 0)::varchar from files";
    let files: String = connection.query_row(sql, [], |row| row.get(0))?;
    Ok(format!("files {files}, rules {}, models {:x}", config.version_hash, models_hash()))
}

/// Changes with any file of SQL that builds, and with the mining.
pub fn models_hash() -> u64 {
    let files = [STAGED, VIEWS, FACTS, GROUPING, CLUSTER_FACTS, CHECKS, MINING].concat();
    let texts: Vec<&str> = files.iter().map(|file| file.text()).chain(macros::texts()).collect();
    xxh3_64(format!("{SHAPE_VERSION} {MERGE_VERSION} {} {}", env!("CARGO_PKG_VERSION"), texts.join("\0")).as_bytes())
}

fn build_all(connection: &Connection, config: &Config) -> Result<()> {
    let own = connection.overrides().models();
    own.iter().try_for_each(|model| allowed::check_model(connection, &model.path, &model.text))?;
    macros::store(connection)?;
    macros::register_values(connection)?;
    traces::join(connection).context("failed to join traces")?;
    splits::join(connection).context("failed to join split entries")?;
    patterns::lay_tables(connection)?;
    store_rules(connection, config)?;
    build_facts(connection, STAGED)?;
    for view in VIEWS {
        run_named(connection, &format!("create or replace view {} as ", view.stem()), view, &[])?;
    }
    patterns::mine(connection, &config.rules.pattern_overrides).context("failed to mine patterns")?;
    build_facts(connection, FACTS)?;
    group_archive(connection, config)?;
    macros::register_tables(connection)?;
    build_facts(connection, CLUSTER_FACTS)?;
    build_added(connection)?;
    CHECKS.iter().try_for_each(|check| run_check(connection, check))
}

/// The meta key under which the names of the user's own tables stand.
const ADDED_TABLES: &str = "added_tables";

/// The user's own tables, in place of those they made before; none takes a name that is not theirs.
fn build_added(connection: &Connection) -> Result<()> {
    let before = store::meta(connection, ADDED_TABLES)?.unwrap_or_default();
    for name in before.split(',').filter(|name| !name.is_empty()) {
        connection.execute_batch(&format!("drop table if exists {name}"))?;
    }
    let mut names = Vec::new();
    for added in connection.overrides().models().iter().filter(|model| model.is_added()) {
        let name = added.stem();
        let taken = "select count(*) from (select table_name from duckdb_tables() union all \
                     select view_name from duckdb_views() where not internal) as known (name) where name = ?";
        if connection.query_row(taken, [name], |row| row.get::<_, i64>(0))? > 0 {
            bail!("your model `{name}.sql` has the name of an existing table\n\nhint: rename it");
        }
        let source = Source { path: &added.path, text: &added.text };
        run_source(connection, &format!("create table {name} as "), source, &[])?;
        names.push(name);
    }
    store::set_meta(connection, ADDED_TABLES, &names.join(","))
}

fn build_facts(connection: &Connection, facts: &[SqlFile]) -> Result<()> {
    facts
        .iter()
        .try_for_each(|fact| run_named(connection, &format!("create or replace table {} as ", fact.stem()), fact, &[]))
}

/// Groups patterns as a worklog does, each service's in one window that holds all of the archive.
fn group_archive(connection: &Connection, config: &Config) -> Result<()> {
    let mut statement = connection.prepare("select distinct service from pattern_traits order by service")?;
    let services = statement.query_map([], |row| row.get(0))?.collect::<duckdb::Result<Vec<String>>>()?;
    let list: Vec<Window> = services
        .into_iter()
        .map(|service| Window { service, revision: None, from_ns: i64::MIN, to_ns: i64::MAX })
        .collect();
    window::group(connection, &Windows { list: &list, minimum_severity: config.minimum_severity() })
}

fn run_check(connection: &Connection, check: &SqlFile) -> Result<()> {
    let found = rows(connection, check, &[])?;
    match found.first() {
        None => Ok(()),
        Some(row) => bail!("check `{}` failed: {row}\n\nhint: {} contains the check", check.stem(), check.path),
    }
}

/// Rules as rows, in order of precedence, for SQL to match.
fn store_rules(connection: &Connection, config: &Config) -> Result<()> {
    connection.execute_batch("create or replace table raw_rules (position integer, body json)")?;
    let mut insert = connection.prepare("insert into raw_rules values (?, ?)")?;
    for (position, rule) in config.rules.rules.iter().enumerate() {
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
