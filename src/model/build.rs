//! Builds everything that covers the whole archive: traces and patterns first, then the facts, then the checks. Where
//! facts are there and more was loaded since, only what that touches is computed of those that count entries.

use anyhow::{Context, Result, bail};
use duckdb::params;
use xxhash_rust::xxh3::xxh3_64;

use super::{
    growth::Growth,
    macros, patterns,
    registry::{CHECKS, CLUSTER_FACTS, FACTS, MINING, SHAPED, STAGED, VIEWS},
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
    store::{self, BUILT_BY, BUILT_FILES},
};

/// How a build came by what is there now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Built {
    /// Nothing was loaded or changed since.
    Before,
    /// Everything was computed.
    Whole,
    /// The same, and it had to be though facts were there.
    Again(&'static str),
    /// What had been loaded since was added.
    Grown,
}

/// Builds if anything was loaded, or the rules or the program changed, since the last time.
pub fn build(connection: &Connection, config: &Config) -> Result<Built> {
    let version = format!("rules {}, models {:x}", config.version_hash, models_hash());
    let sql = "select count(*)::varchar || '/' || coalesce(max(file_id), 0)::varchar from files";
    let files: String = connection.query_row(sql, [], |row| row.get(0))?;
    let built = (store::meta(connection, BUILT_BY)?, store::meta(connection, BUILT_FILES)?);
    if built == (Some(version.clone()), Some(files.clone())) {
        macros::register(connection)?;
        return Ok(Built::Before);
    }
    let built_files = match built {
        (Some(by), Some(files)) if by == version => Ok(files),
        (Some(_), _) => Err(Built::Again("the program, the rules or the settings changed")),
        _ => Err(Built::Whole),
    };
    connection.execute_batch("begin")?;
    let result = build_all(connection, config, built_files).and_then(|how| {
        store::set_meta(connection, BUILT_BY, &version)?;
        store::set_meta(connection, BUILT_FILES, &files)?;
        Ok(how)
    });
    connection.execute_batch(if result.is_ok() { "commit" } else { "rollback" })?;
    result
}

/// Changes with any file of SQL that builds, and with the mining.
pub fn models_hash() -> u64 {
    let files = [STAGED, VIEWS, SHAPED, FACTS, GROUPING, CLUSTER_FACTS, CHECKS, MINING].concat();
    let texts: Vec<&str> = files.iter().map(|file| file.text()).chain(macros::texts()).collect();
    xxh3_64(format!("{SHAPE_VERSION} {MERGE_VERSION} {} {}", env!("CARGO_PKG_VERSION"), texts.join("\0")).as_bytes())
}

fn build_all(connection: &Connection, config: &Config, built_files: Result<String, Built>) -> Result<Built> {
    let own = connection.overrides().models();
    own.iter().try_for_each(|model| allowed::check_model(connection, &model.path, &model.text))?;
    macros::store(connection)?;
    macros::register_values(connection)?;
    let (growth, how) = match built_files {
        Ok(files) => growth_since(connection, &files)?,
        Err(how) => (None, how),
    };
    let (growth, how) = match growth {
        Some(growth) if stage(connection, config, true)? => (Some(growth), how),
        Some(_) => (None, Built::Again("services have other names since")),
        None => {
            stage(connection, config, false)?;
            (None, how)
        }
    };
    let growth = growth.as_ref();
    let patterns = &config.rules.pattern_overrides;
    match growth {
        None => {
            traces::join(connection).context("failed to join traces")?;
            splits::join(connection).context("failed to join split entries")?;
            patterns::lay_tables(connection)?;
            for view in VIEWS {
                run_named(connection, &format!("create or replace view {} as ", view.stem()), view, &[])?;
            }
            build_facts(connection, SHAPED, growth)?;
            patterns::mine(connection, patterns).context("failed to mine patterns")?;
        }
        Some(growth) => {
            traces::rejoin(connection, growth).context("failed to join traces")?;
            splits::rejoin(connection, growth).context("failed to join split entries")?;
            build_facts(connection, SHAPED, Some(growth))?;
            patterns::remine(connection, patterns, growth).context("failed to mine patterns")?;
        }
    }
    build_facts(connection, FACTS, growth)?;
    group_archive(connection, config)?;
    macros::register_tables(connection)?;
    if let Some(growth) = growth {
        patterns::touch_retold(connection, growth)?;
    }
    build_facts(connection, CLUSTER_FACTS, growth)?;
    build_added(connection)?;
    CHECKS.iter().try_for_each(|check| run_check(connection, check))?;
    if let Some(growth) = growth {
        growth.end(connection)?;
    }
    Ok(how)
}

/// What the archive has grown by since files were built, where that can be added to what is there.
fn growth_since(connection: &Connection, built_files: &str) -> Result<(Option<Growth>, Built)> {
    let (count, last) = built_files.split_once('/').unwrap_or_default();
    let (count, last_file): (u64, u32) = (count.parse()?, last.parse()?);
    let sql = "select (select count(*) from files where file_id <= ?) = ? \
                   and not exists (from counted_entries) \
                   and not exists (from meta where key = 'shapes_end')";
    if !connection.query_row(sql, params![last_file, count], |row| row.get(0))? {
        return Ok((None, Built::Whole));
    }
    Ok(match Growth::since(connection, last_file)? {
        Some(growth) => (Some(growth), Built::Grown),
        None => (None, Built::Whole),
    })
}

/// Lays the small tables that others read. False if what they say of sources that were there before is not what it was.
fn stage(connection: &Connection, config: &Config, are_compared: bool) -> Result<bool> {
    const NAMED: &str = "select source.source_id, source.service, access.source_id is not null as is_access \
                         from identified_sources as source left join access_sources as access using (source_id)";
    if are_compared {
        connection.execute_batch(&format!("create or replace temp table sources_before as {NAMED}"))?;
    }
    store_rules(connection, config)?;
    build_facts(connection, STAGED, None)?;
    if !are_compared {
        return Ok(true);
    }
    // whether the lines of an access log count as requests is part of it
    let sql = format!("select count(*) from (from sources_before except {NAMED}) as changed");
    let changed: u64 = connection.query_row(&sql, [], |row| row.get(0))?;
    connection.execute_batch("drop table sources_before")?;
    Ok(changed == 0)
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

/// Computes the facts anew, or lets them grow.
fn build_facts(connection: &Connection, facts: &[SqlFile], growth: Option<&Growth>) -> Result<()> {
    facts.iter().try_for_each(|fact| match growth {
        Some(growth) => growth.grow(connection, fact),
        None => run_named(connection, &format!("create or replace table {} as ", fact.stem()), fact, &[]),
    })
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
