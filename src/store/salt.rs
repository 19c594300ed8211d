//! What makes the stand-ins of a database its own: without it, whoever has a list of addresses could tell by trying which
//! of them a worklog hides, and which worklogs of other databases hide the same.

use std::hash::{BuildHasher, RandomState};

use anyhow::Result;
use duckdb::Connection;
use xxhash_rust::xxh3::xxh3_64;

use super::{meta, set_meta};

/// The meta key under which it stands, as 16 hexadecimal digits.
const SALT: &str = "redaction_salt";

/// Makes one at random for a database that has none yet.
pub(super) fn make(connection: &Connection) -> Result<()> {
    if meta(connection, SALT)?.is_some() {
        return Ok(());
    }
    // the keys of the standard library's hash tables are the system's random numbers
    let random = RandomState::new().hash_one(SALT);
    set_meta(connection, SALT, &format!("{random:016x}"))
}

/// The salt of a database. An older one that was only read since has what was loaded first, and when, in its place.
pub fn of(connection: &Connection) -> Result<u64> {
    if let Some(salt) = meta(connection, SALT)?.and_then(|salt| u64::from_str_radix(&salt, 16).ok()) {
        return Ok(salt);
    }
    let sql = "select concat_ws(' ', hash, loaded_at) from files order by file_id limit 1";
    let first: String = connection.query_row(sql, [], |row| row.get(0))?;
    Ok(xxh3_64(first.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::super::*;

    #[test]
    fn each_database_has_its_own_and_keeps_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        let salt = |name: &str| salt::of(&open(&path(name), None).unwrap()).unwrap();
        let first = salt("a.duckdb");
        assert_eq!(salt("a.duckdb"), first);
        assert_ne!(salt("b.duckdb"), first);
        assert_eq!(salt::of(&open_to_read(&path("a.duckdb"), None).unwrap()).unwrap(), first);
    }

    #[test]
    fn an_older_database_has_one_by_its_first_file() {
        let connection = Connection::open_in_memory().unwrap();
        connection.execute_batch(include_str!("schema.sql")).unwrap();
        let insert = "insert into files (file_id, hash, loaded_at) values (1, '', timestamp '2025-01-01 00:00:00')";
        connection.execute_batch(insert).unwrap();
        let first = salt::of(&connection).unwrap();
        connection.execute_batch("update files set loaded_at = timestamp '2025-01-01 00:00:01'").unwrap();
        assert_ne!(salt::of(&connection).unwrap(), first);
        salt::make(&connection).unwrap();
        assert_eq!(salt::of(&connection).unwrap(), salt::of(&connection).unwrap());
    }
}
