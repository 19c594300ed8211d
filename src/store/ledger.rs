//! The ledger of what was loaded: a file that has not changed costs a look at its size and date.

use std::{
    collections::{HashMap, HashSet},
    fs::Metadata,
    time::UNIX_EPOCH,
};

use anyhow::Result;
use duckdb::Connection;

#[derive(Default)]
pub struct Ledger {
    /// Path to size and time of change.
    known: HashMap<String, HashSet<(u64, i64)>>,
    sizes: HashSet<u64>,
    hashes: HashSet<String>,
    next_file_id: u32,
}

impl Ledger {
    pub fn read(connection: &Connection) -> Result<Self> {
        let mut ledger = Self { next_file_id: 1, ..Self::default() };
        let mut statement = connection.prepare("select file_id, path, bytes, modified_at_ns, hash from files")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let (file_id, bytes): (u32, u64) = (row.get(0)?, row.get(2)?);
            ledger.next_file_id = ledger.next_file_id.max(file_id + 1);
            ledger.known.entry(row.get(1)?).or_default().insert((bytes, row.get(3)?));
            ledger.sizes.insert(bytes);
            ledger.hashes.insert(row.get(4)?);
        }
        Ok(ledger)
    }

    pub fn is_empty(&self) -> bool {
        self.known.is_empty()
    }

    pub fn is_unchanged(&self, path: &str, bytes: u64, modified_at_ns: i64) -> bool {
        self.known.get(path).is_some_and(|states| states.contains(&(bytes, modified_at_ns)))
    }

    /// Whether a file of this size was loaded: only then is its content worth a look before loading.
    pub fn has_size(&self, bytes: u64) -> bool {
        self.sizes.contains(&bytes)
    }

    pub fn has_hash(&self, hash: &str) -> bool {
        self.hashes.contains(hash)
    }

    pub fn next_file_id(&mut self) -> u32 {
        self.next_file_id += 1;
        self.next_file_id - 1
    }
}

/// Nanoseconds since 1970 at which a file was changed; 0 where the system does not tell.
pub fn modified_at_ns(metadata: &Metadata) -> i64 {
    let since = metadata.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
    since.and_then(|duration| i64::try_from(duration.as_nanos()).ok()).unwrap_or(0)
}
