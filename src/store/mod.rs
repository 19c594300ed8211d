//! The database: one DuckDB file that holds entries, what was computed from them, and the ledger of loads.

pub mod ledger;
pub mod salt;

use std::{
    fs::File,
    io::Read,
    path::Path,
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, anyhow, bail};
use duckdb::{AccessMode, Config, Connection};

use crate::text::terminal::say;

/// Raised whenever the tables of `schema.sql` change.
pub const SCHEMA_VERSION: u32 = 6;

/// The keys of `meta` that say what the models were built by, and of which files.
pub const BUILT_BY: &str = "built_by";
pub const BUILT_FILES: &str = "built_files";

/// Opens a database for writing and lays its tables if it is new. DuckDB may hold so much memory, `512MB` say.
pub fn open(path: &Path, memory: Option<&str>) -> Result<Connection> {
    let connection = connect(path, AccessMode::ReadWrite, memory)?;
    match version_of(&connection)? {
        None if is_blank(&connection)? => create(&connection)?,
        found => check_version(path, found)?,
    }
    salt::make(&connection)?;
    Ok(connection)
}

/// Opens a database that has to be there, for reading only.
pub fn open_to_read(path: &Path, memory: Option<&str>) -> Result<Connection> {
    if !path.is_file() {
        bail!("no database at `{}`\n\nhint: `gardener run EXPORTS... --db {0}` creates one", path.display());
    }
    let connection = connect(path, AccessMode::ReadOnly, memory)?;
    let found = version_of(&connection)?;
    check_version(path, found)?;
    Ok(connection)
}

/// DuckDB would open text as a table and keep nothing that is written into it.
fn check_kind(path: &Path) -> Result<()> {
    let mut head = [0; 12];
    let Ok(length) = File::open(path).and_then(|mut file| file.read(&mut head)) else { return Ok(()) };
    if length > 0 && &head[8..] != b"DUCK" {
        return Err(anyhow!("it is not a DuckDB file\n\nhint: name another file with `--db`"))
            .with_context(|| format!("cannot open database `{}`", path.display()));
    }
    Ok(())
}

/// A database of this process alone, with the same settings.
pub fn in_memory() -> Result<Connection> {
    Ok(Connection::open_in_memory_with_flags(config(AccessMode::Automatic, None)?)?)
}

/// How long a database that another process holds is waited for.
const PATIENCE: Duration = Duration::from_secs(600);

/// Opens a database; one that another process writes to is waited for, and it is said who holds it.
fn connect(path: &Path, mode: AccessMode, memory: Option<&str>) -> Result<Connection> {
    check_kind(path)?;
    let start = Instant::now();
    let mut is_told = false;
    loop {
        let mode = if matches!(mode, AccessMode::ReadOnly) { AccessMode::ReadOnly } else { AccessMode::ReadWrite };
        let error = match Connection::open_with_flags(path, config(mode, memory)?) {
            Ok(connection) => {
                if !cfg!(feature = "bundled") {
                    check_library(&library_version(&connection)?)?;
                }
                return Ok(connection);
            }
            Err(error) => error.to_string(),
        };
        let holder = holder(&error);
        if holder.is_none() || start.elapsed() > PATIENCE {
            return Err(anyhow!("{}", first_lines(&error)))
                .with_context(|| format!("cannot open database `{}`", path.display()));
        }
        if !std::mem::replace(&mut is_told, true) {
            say(false, &format!("waiting for `{}`: {} is using it", path.display(), holder.unwrap_or_default()));
        }
        thread::sleep(Duration::from_millis(100));
    }
}

/// The version of DuckDB that runs, `2.0.0`.
pub fn library_version(connection: &Connection) -> Result<String> {
    let sql = "select library_version from pragma_version()";
    let version: String = connection.query_row(sql, [], |row| row.get(0))?;
    Ok(version.trim_start_matches('v').to_owned())
}

/// A DuckDB that was installed by itself may be one that reads the models' SQL in another way.
fn check_library(version: &str) -> Result<()> {
    if version.split('.').next() != Some("2") {
        bail!(
            "gardener needs DuckDB 2, and the installed libduckdb is {version}\n\nhint: `DUCKDB_LIB_DIR` names another when gardener is built"
        );
    }
    Ok(())
}

/// Offline means offline: no extension is ever fetched. What is divided by zero is not known: it is null, and neither an
/// error nor an infinity that other numbers are taken from.
fn config(mode: AccessMode, memory: Option<&str>) -> Result<Config> {
    let config = Config::default()
        .access_mode(mode)?
        .enable_autoload_extension(false)?
        .with("autoinstall_known_extensions", "false")?
        .with("preserve_insertion_order", "false")?
        .with("ieee_floating_point_ops", "false")?
        .with("error_on_division_by_zero", "false")?;
    let Some(memory) = memory else { return Ok(config) };
    config
        .max_memory(memory)
        .map_err(|_| anyhow!("cannot read `--memory {memory}`\n\nhint: a number and a unit, such as `512MB` or `2GB`"))
}

/// `/usr/bin/gardener (PID 123)`, from DuckDB's message about a lock that somebody else has.
fn holder(error: &str) -> Option<String> {
    let rest = error.split_once("Conflicting lock is held in ")?.1;
    Some(rest[..rest.find(')')? + 1].to_owned())
}

fn first_lines(text: &str) -> String {
    text.lines().take(2).collect::<Vec<_>>().join(" ")
}

fn create(connection: &Connection) -> Result<()> {
    connection.execute_batch("begin")?;
    connection.execute_batch(include_str!("schema.sql")).context("cannot create the tables of a new database")?;
    set_meta(connection, "schema_version", &SCHEMA_VERSION.to_string())?;
    connection.execute_batch("commit")?;
    Ok(())
}

fn is_blank(connection: &Connection) -> Result<bool> {
    let tables: i64 = connection.query_row("select count(*) from duckdb_tables()", [], |row| row.get(0))?;
    Ok(tables == 0)
}

fn version_of(connection: &Connection) -> Result<Option<u32>> {
    let sql = "select count(*) from duckdb_tables() where table_name = 'meta'";
    let has_meta: i64 = connection.query_row(sql, [], |row| row.get(0))?;
    if has_meta == 0 {
        return Ok(None);
    }
    Ok(meta(connection, "schema_version")?.and_then(|version| version.parse().ok()))
}

fn check_version(path: &Path, found: Option<u32>) -> Result<()> {
    let path = path.display();
    match found {
        Some(SCHEMA_VERSION) => Ok(()),
        Some(version) if version > SCHEMA_VERSION => bail!(
            "database `{path}` is of schema version {version}, newer than this gardener's {SCHEMA_VERSION}\n\n\
             hint: use the newer gardener, or another `--db`"
        ),
        Some(version) => bail!(
            "database `{path}` is of schema version {version}, this gardener needs {SCHEMA_VERSION}\n\n\
             hint: load the exports again into a new `--db`"
        ),
        None => bail!("`{path}` is a database, but gardener did not write it\n\nhint: name another file with `--db`"),
    }
}

/// A value that the database keeps about itself.
pub fn meta(connection: &Connection, key: &str) -> Result<Option<String>> {
    let mut statement = connection.prepare("select value from meta where key = ?")?;
    let mut rows = statement.query([key])?;
    Ok(match rows.next()? {
        Some(row) => Some(row.get(0)?),
        None => None,
    })
}

/// Takes out everything that loading or an engine put in; what is known of worklogs and of former patterns stays.
pub fn clear(connection: &Connection) -> Result<()> {
    const FILLED: [&str; 12] = [
        "files",
        "file_spans",
        "rejects",
        "raw_entries",
        "counted_entries",
        "counted_latencies",
        "counted_instances",
        "counted_minutes",
        "sources",
        "label_sets",
        "call_sites",
        "raw_shapes",
    ];
    for table in FILLED {
        connection.execute_batch(&format!("delete from {table}"))?;
    }
    connection.execute_batch("delete from meta where key in ('built_by', 'built_files', 'shapes_end')")?;
    Ok(())
}

/// Whether the models were built since the database was made.
pub fn is_built(connection: &Connection) -> Result<bool> {
    Ok(meta(connection, BUILT_BY)?.is_some())
}

pub fn set_meta(connection: &Connection, key: &str, value: &str) -> Result<()> {
    connection.execute("insert or replace into meta values (?, ?)", [key, value])?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_duckdb_is_refused() {
        assert!(check_library("2.1.3").is_ok());
        assert!(check_library("1.5.6").unwrap_err().to_string().contains("libduckdb is 1.5.6"));
        let embedded = library_version(&Connection::open_in_memory().unwrap()).unwrap();
        assert!(check_library(&embedded).is_ok(), "{embedded}");
    }
}
