//! Loading: candidates to rows, several files a transaction, every file with its line in the ledger.

use std::{
    io::{self, Read},
    thread,
};

use anyhow::{Context, Result, anyhow};
use crossbeam_channel::{Sender, bounded};
use duckdb::params;
use rustc_hash::FxHashMap;

use super::{
    append::{Known, write_due},
    blocks::{Block, Blocks, Notes},
    discovery::Candidate,
    feed::{self, Feed, OpenFeed},
    load_accumulator::{LoadAccumulator, PendingRows},
    open::Source,
};
use crate::{
    model::registry::{COPIES, FILE_SPANS, FILES_ARE_COMPLETE, RAW_ENTRIES},
    sql::{
        connection::Connection,
        query::{rows, run_named},
    },
};

/// Files are committed together up to this many bytes, so that a killed run keeps what came before.
const COMMIT_BYTES: u64 = 2 << 30;

/// What loading made of one file.
#[derive(Debug, Default)]
pub struct FileReport {
    pub file_id: u32,
    pub path: String,
    pub form: &'static str,
    pub bytes: u64,
    pub modified_at_ns: i64,
    pub hash: String,
    pub entries: u64,
    pub duplicates: u64,
    pub fuller_copies: u64,
    pub rejects: u64,
    /// Of the content, decompressed; entries, rejects and separators add up to it.
    pub content_bytes: u64,
    pub entry_bytes: u64,
    pub reject_bytes: u64,
    pub separator_bytes: u64,
    /// Pieces whose bytes had to be replaced to be read.
    pub repaired: u64,
    pub without_payload: u64,
    pub first_at: Option<i64>,
    pub last_at: Option<i64>,
    pub faults: Vec<String>,
    pub notes: Notes,
    /// Reading broke off here; what came before was loaded.
    pub error: Option<String>,
    /// Where and why the first rejected piece was.
    pub first_reject: Option<(u64, String)>,
}

/// What a load works with, and what it has committed so far.
pub struct Loader<'a> {
    pub connection: &'a Connection,
    /// What DuckDB may hold, if the user said so.
    pub memory: Option<&'a str>,
    pub reports: Vec<FileReport>,
    pub progress: &'a (dyn Fn(u64) + Sync),
}

/// What DuckDB may hold while loading: more makes nothing faster, as row groups are written once they are full.
const MEMORY: &str = "512MB";

impl Loader<'_> {
    /// Loads the candidates, in transactions of whole files.
    pub fn load(&mut self, candidates: Vec<Candidate>, mut next_file_id: impl FnMut() -> u32) -> Result<()> {
        if self.memory.is_none() {
            self.connection.execute_batch(&format!("set memory_limit = '{MEMORY}'"))?;
        }
        let mut group = Vec::new();
        let mut group_bytes = 0;
        for candidate in candidates {
            group_bytes += candidate.bytes;
            group.push((next_file_id(), candidate));
            if group_bytes >= COMMIT_BYTES {
                self.load_group(std::mem::take(&mut group))?;
                group_bytes = 0;
            }
        }
        if group.is_empty() { Ok(()) } else { self.load_group(group) }
    }

    fn load_group(&mut self, group: Vec<(u32, Candidate)>) -> Result<()> {
        let connection = self.connection;
        connection.execute_batch("begin")?;
        let result = fill(connection, group, self.progress).and_then(|mut reports| {
            drop_copies(connection, &mut reports)?;
            write_ledger(connection, &reports)?;
            check(connection)?;
            connection.execute_batch("commit")?;
            Ok(reports)
        });
        match result {
            Ok(reports) => self.reports.extend(reports),
            Err(error) => {
                // a failed commit has rolled back by itself
                let _ = connection.execute_batch("rollback");
                return Err(error);
            }
        }
        Ok(())
    }
}

/// Nothing of a file is unaccounted for.
fn check(connection: &Connection) -> Result<()> {
    let rows = rows(connection, &FILES_ARE_COMPLETE, &[])?;
    match rows.first() {
        None => Ok(()),
        Some(row) => Err(anyhow!("{}: {row}", FILES_ARE_COMPLETE.path))
            .context("a file was not read completely, which is a fault of gardener"),
    }
}

pub fn cores() -> usize {
    thread::available_parallelism().map_or(2, |count| count.get())
}

fn fill(
    connection: &Connection,
    group: Vec<(u32, Candidate)>,
    progress: &(dyn Fn(u64) + Sync),
) -> Result<Vec<FileReport>> {
    let gathered = LoadAccumulator::new(Known::read(connection)?);
    let (reports, open) = feed_in(connection, gathered, |sender| {
        let read = |(file_id, candidate)| read_file(file_id, candidate, sender, progress);
        group.into_iter().map(read).collect::<Vec<_>>()
    })?;
    settle(connection, reports, &mut open.feed.gathered())
}

/// One thread reads and cuts; DuckDB's threads parse and store.
pub fn feed_in<T: Send>(
    connection: &Connection,
    gathered: LoadAccumulator,
    read: impl FnOnce(&Sender<Block>) -> T + Send,
) -> Result<(T, OpenFeed)> {
    let (sender, blocks) = bounded::<Block>(2 * cores());
    thread::scope(|scope| {
        let open = Feed::open(blocks, gathered);
        let reader = scope.spawn(move || read(&sender));
        if let Err(error) = store(connection, &open) {
            // nobody takes blocks any more, which the reader is told by its channel
            drop(open);
            return Err(error);
        }
        let read = reader.join().map_err(|_| anyhow!("the reader of entries broke off"))?;
        Ok((read, open))
    })
}

/// Takes the feed in, as many statements as the rows of small tables make necessary.
fn store(connection: &Connection, open: &OpenFeed) -> Result<()> {
    feed::register(connection)?;
    let number = [("feed", open.number.into())];
    while !open.feed.is_exhausted() {
        run_named(connection, "insert into raw_entries ", &RAW_ENTRIES, &number)?;
        let due = open.feed.gathered().drain();
        write_due(connection, &due)?;
    }
    open.feed.gathered().known.write_shapes(connection)
}

fn read_file(
    file_id: u32,
    mut candidate: Candidate,
    sender: &Sender<Block>,
    progress: &(dyn Fn(u64) + Sync),
) -> FileReport {
    let mut report = FileReport {
        file_id,
        path: candidate.path.clone(),
        form: candidate.form.name,
        bytes: candidate.bytes,
        modified_at_ns: candidate.modified_at_ns,
        ..FileReport::default()
    };
    let head = candidate.head();
    let source = candidate.source.take().map_or_else(|| Source::open(&candidate.origin), Ok);
    let mut source = match source {
        Ok(source) => source,
        Err(error) => {
            report.error = Some(error.to_string());
            return report;
        }
    };
    let mut blocks = Blocks::new(file_id, candidate.form.decode, sender);
    let mut input = Counted { inner: head.chain(&mut source), bytes: 0, error: None };
    if let Err(error) = (candidate.form.cut)(&mut input, &mut blocks).and_then(|()| blocks.flush()) {
        report.error = Some(error.to_string());
    }
    if let Some(error) = &input.error {
        report.error = Some(error.to_string());
    }
    report.notes = std::mem::take(&mut blocks.notes);
    report.faults = std::mem::take(&mut blocks.faults);
    report.separator_bytes = blocks.separator_bytes;
    report.content_bytes = blocks.content.unwrap_or(input.bytes);
    report.faults.extend(source.encoding().map(|name| format!("{name}, read as UTF-8")));
    report.hash = source.content_hash();
    report.bytes = source.bytes_read();
    progress(report.bytes);
    report
}

/// What a form takes of a file's content, counted apart from what it makes of it. Where reading fails the content ends
/// for the form, so that what came before is loaded.
struct Counted<R> {
    inner: R,
    bytes: u64,
    error: Option<io::Error>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self.inner.read(buffer) {
            Ok(length) => {
                self.bytes += length as u64;
                Ok(length)
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => Err(error),
            Err(error) => {
                self.error = Some(error);
                Ok(0)
            }
        }
    }
}

/// Brings the reader's and the parsers' sides of each file together.
fn settle(
    connection: &Connection,
    mut reports: Vec<FileReport>,
    gathered: &mut LoadAccumulator,
) -> Result<Vec<FileReport>> {
    let mut due = PendingRows::default();
    for report in &mut reports {
        let mut tally = gathered.tallies.remove(&report.file_id).unwrap_or_default();
        due.rejects.extend(tally.late_rejects().into_iter().map(|rejected| (report.file_id, rejected)));
        report.entries = tally.entries;
        report.rejects = tally.reject_count;
        report.entry_bytes = tally.entry_bytes;
        report.reject_bytes = tally.reject_bytes;
        report.separator_bytes += tally.other_bytes;
        report.repaired = tally.repaired();
        report.first_reject = tally.first_reject.take();
        report.without_payload = tally.bare;
        report.first_at = tally.first_at;
        report.last_at = tally.last_at;
        if tally.entries > 0 {
            report.faults.extend(tally.faults());
        }
        report.faults.extend(report.error.as_ref().map(|error| format!("reading broke off: {error}")));
    }
    write_due(connection, &due)?;
    Ok(reports)
}

/// Of several copies of an entry one stays, and each file is told how many of its entries were there already.
fn drop_copies(connection: &Connection, reports: &mut [FileReport]) -> Result<()> {
    let first_at = reports.iter().filter_map(|report| report.first_at).min();
    let last_at = reports.iter().filter_map(|report| report.last_at).max();
    let (Some(first_at), Some(last_at)) = (first_at, last_at) else { return Ok(()) };
    let first_file_id = reports.iter().map(|report| report.file_id).min().unwrap_or(0);
    let first_file = [("first_file_id", i64::from(first_file_id).into())];
    run_named(connection, "insert into file_spans ", &FILE_SPANS, &first_file)?;
    find_copies(connection, first_at, last_at)?;
    let sql = "select file_id, count(*) filter (arrival > 1), count(*) filter (arrival > 1 and preference = 1) \
               from copies group by file_id";
    let mut counts: FxHashMap<u32, (u64, u64)> = FxHashMap::default();
    let mut statement = connection.prepare(sql)?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        counts.insert(row.get(0)?, (row.get(1)?, row.get(2)?));
    }
    for report in reports {
        (report.duplicates, report.fuller_copies) = counts.get(&report.file_id).copied().unwrap_or_default();
    }
    delete_found_copies(connection)
}

/// Of several copies of an entry one stays, wherever it is.
pub fn delete_copies(connection: &Connection) -> Result<()> {
    let sql = "select epoch_ns(min(entry_at)), epoch_ns(max(entry_at)) from raw_entries";
    let span: (Option<i64>, Option<i64>) = connection.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let (Some(first_at), Some(last_at)) = span else { return Ok(()) };
    find_copies(connection, first_at, last_at)?;
    delete_found_copies(connection)
}

fn find_copies(connection: &Connection, first_at: i64, last_at: i64) -> Result<()> {
    let window = [("first_at_ns", first_at.into()), ("last_at_ns", last_at.into())];
    run_named(connection, "create or replace temp table copies as ", &COPIES, &window)
}

fn delete_found_copies(connection: &Connection) -> Result<()> {
    connection
        .execute_batch(
            "delete from raw_entries where rowid in (select row_id from copies where preference > 1); \
             drop table copies",
        )
        .context("cannot drop entries that are there twice")
}

/// A line a file.
pub fn write_ledger(connection: &Connection, reports: &[FileReport]) -> Result<()> {
    let sql = "insert into files select ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, make_timestamp_ns(?), make_timestamp_ns(?), \
               from_json(?, '[\"VARCHAR\"]'), ?, make_timestamp(?)";
    let loaded_at_us = jiff::Timestamp::now().as_microsecond();
    let mut statement = connection.prepare(sql)?;
    for report in reports.iter().filter(|report| report.entries + report.rejects > 0) {
        let notes: serde_json::Map<String, serde_json::Value> =
            report.notes.iter().map(|(key, value)| (key.clone(), value.clone().into())).collect();
        statement.execute(params![
            report.file_id,
            report.path,
            report.hash,
            report.form,
            report.bytes,
            report.modified_at_ns,
            report.entries,
            report.duplicates,
            report.fuller_copies,
            report.rejects,
            report.content_bytes,
            report.entry_bytes,
            report.reject_bytes,
            report.separator_bytes,
            report.without_payload,
            report.first_at,
            report.last_at,
            serde_json::to_string(&report.faults)?,
            serde_json::Value::Object(notes).to_string(),
            loaded_at_us,
        ])?;
    }
    Ok(())
}
