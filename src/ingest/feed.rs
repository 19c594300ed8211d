//! `parsed_entries(feed)`, a table function: DuckDB's own threads take blocks of pieces, read them and store the
//! rows, so that parsing, mining and compressing share all cores and none waits for another.
//!
//! A table function gets numbers and texts only, so the feed it reads from is found by its number.

use std::{
    collections::BTreeMap,
    error::Error,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicI64, Ordering},
    },
};

use anyhow::Result;
use arrow::array::RecordBatch;
use crossbeam_channel::Receiver;
use duckdb::{
    Connection,
    core::{DataChunkHandle, LogicalTypeHandle, LogicalTypeId},
    vtab::{
        BindInfo, InitInfo, TableFunctionInfo, VTab, record_batch_to_duckdb_data_chunk,
        to_duckdb_logical_type_for_field,
    },
};

use super::{blocks::Block, columns::Columns, load_accumulator::LoadAccumulator, parse::Parser};
use crate::interrupt::is_stopped;

static FEEDS: Mutex<BTreeMap<i64, Arc<Feed>>> = Mutex::new(BTreeMap::new());
static NEXT_FEED: AtomicI64 = AtomicI64::new(1);

/// Blocks on their way into the database, and what is gathered of them beside the rows.
pub struct Feed {
    blocks: Receiver<Block>,
    /// Parsers that no thread uses at the moment.
    parsers: Mutex<Vec<Parser>>,
    gathered: Mutex<LoadAccumulator>,
    is_exhausted: AtomicBool,
}

/// A feed that can be read by its number as long as this lives.
pub struct OpenFeed {
    pub number: i64,
    pub feed: Arc<Feed>,
}

impl Drop for OpenFeed {
    fn drop(&mut self) {
        lock(&FEEDS).remove(&self.number);
    }
}

impl Feed {
    pub fn open(blocks: Receiver<Block>, gathered: LoadAccumulator) -> OpenFeed {
        let (parsers, gathered) = (Mutex::default(), Mutex::new(gathered));
        let feed = Arc::new(Self { blocks, parsers, gathered, is_exhausted: AtomicBool::new(false) });
        let number = NEXT_FEED.fetch_add(1, Ordering::Relaxed);
        lock(&FEEDS).insert(number, Arc::clone(&feed));
        OpenFeed { number, feed }
    }

    pub fn is_exhausted(&self) -> bool {
        self.is_exhausted.load(Ordering::Relaxed)
    }

    pub fn gathered(&self) -> MutexGuard<'_, LoadAccumulator> {
        lock(&self.gathered)
    }

    /// The rows of the next block that has any; none when the blocks are at an end, or what was gathered
    /// beside the rows has to be stored first.
    fn next_rows(&self) -> Result<Option<RecordBatch>, Box<dyn Error>> {
        let mut parser = lock(&self.parsers).pop().unwrap_or_default();
        let rows = self.rows_of_next(&mut parser);
        lock(&self.parsers).push(parser);
        rows
    }

    fn rows_of_next(&self, parser: &mut Parser) -> Result<Option<RecordBatch>, Box<dyn Error>> {
        while !self.gathered().is_full() {
            if is_stopped() {
                return Err("loading was stopped".into());
            }
            let Ok(block) = self.blocks.recv() else {
                self.is_exhausted.store(true, Ordering::Relaxed);
                return Ok(None);
            };
            let mut parsed = parser.parse(&block)?;
            let rows = parsed.entries.take();
            self.gathered().take(parsed);
            if rows.is_some() {
                return Ok(rows);
            }
        }
        Ok(None)
    }
}

/// A thread that panicked has failed its query already; what it left is not used.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

pub fn register(connection: &Connection) -> Result<()> {
    Ok(connection.register_table_function::<ParsedEntries>("parsed_entries")?)
}

struct ParsedEntries;

impl VTab for ParsedEntries {
    type BindData = Arc<Feed>;
    type InitData = ();

    fn bind(bind: &BindInfo) -> Result<Arc<Feed>, Box<dyn Error>> {
        for field in Columns::schema().fields() {
            bind.add_result_column(field.name(), to_duckdb_logical_type_for_field(field)?);
        }
        let number = bind.get_parameter(0).to_int64();
        lock(&FEEDS).get(&number).cloned().ok_or_else(|| format!("no feed {number}").into())
    }

    fn init(init: &InitInfo) -> Result<(), Box<dyn Error>> {
        init.set_max_threads(super::load::cores() as u64);
        Ok(())
    }

    fn func(info: &TableFunctionInfo<Self>, output: &mut DataChunkHandle) -> Result<(), Box<dyn Error>> {
        match info.get_bind_data().next_rows()? {
            Some(rows) => record_batch_to_duckdb_data_chunk(&rows, output),
            None => {
                output.set_len(0);
                Ok(())
            }
        }
    }

    fn parameters() -> Option<Vec<LogicalTypeHandle>> {
        Some(vec![LogicalTypeHandle::from(LogicalTypeId::Bigint)])
    }
}
