//! The database as queries get it: for reading only, away from files and the network, unless that is asked for.

use std::path::Path;

use anyhow::Result;
use duckdb::Connection;

use crate::{
    model::{functions, macros},
    store,
};

/// Opens the database of a query, which may write one file at the most. It has no macros before
/// [`make_macros`].
pub fn open(path: &Path, memory: Option<&str>, is_unsafe: bool, may_write: Option<&Path>) -> Result<Connection> {
    // reading first, so that a database that is not there is said to be missing and not made
    let mut connection = store::open_to_read(path, memory)?;
    if is_unsafe {
        drop(connection);
        connection = store::open(path, memory)?;
    }
    // rows come in the order of the query, into a Parquet file too
    connection.execute_batch("set preserve_insertion_order = true")?;
    if !is_unsafe {
        if let Some(path) = may_write {
            let path = path.display().to_string().replace('\'', "''");
            connection.execute_batch(&format!("set allowed_paths = ['{path}']"))?;
        }
        connection.execute_batch("set enable_external_access = false; set lock_configuration = true")?;
    }
    functions::register(&connection)?;
    Ok(connection)
}

/// Makes the macros that a text of SQL calls, without a text all of them.
pub fn make_macros(connection: &Connection, sql: Option<&str>) -> Result<()> {
    if !store::is_built(connection)? {
        return Ok(());
    }
    match sql {
        Some(sql) => macros::register_for(connection, sql),
        None => macros::register(connection),
    }
}

/// Adds what a database without models lacks to an error that this may be the cause of.
pub fn explained<T>(connection: &Connection, answered: Result<T>) -> Result<T> {
    if answered.is_err() && !store::is_built(connection)? {
        let context = "no models yet: of the tables only those that loading fills are there\n\nhint: `gardener build` makes the others";
        return answered.map_err(|error| error.context(context));
    }
    answered
}
