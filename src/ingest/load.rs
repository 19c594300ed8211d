//! Loading: candidates to rows, several files a transaction, every file with its line in the ledger.

use std::{io::Read, thread};

use anyhow::{Context, Result, anyhow};
use arrow::error::ArrowError;
use crossbeam_channel::{Receiver, bounded};
use duckdb::{Connection, params};
use rustc_hash::FxHashMap;

use super::{
    blocks::{Block, Blocks, Notes},
    open::Source,
    parse::{Parsed, Parser, Rejected},
    survey::Candidate,
};
use crate::{
    model::{
        registry::{COPIES, FILE_SPANS},
        run_named,
    },
    store::append::Writer,
    words::plural,
};

/// Files are committed together up to this many bytes, so that a killed run keeps what came before.
const COMMIT_BYTES: u64 = 2 << 30;
/// Rejected pieces kept for each list of a file until it is known whether the list holds entries.
const PENDING_LIMIT: usize = 1_000;

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
    pub without_payload: u64,
    pub first_at: i64,
    pub last_at: i64,
    pub faults: Vec<String>,
    pub notes: Notes,
    /// Reading broke off here; what came before was loaded.
    pub error: Option<String>,
    /// Where and why the first rejected piece was.
    pub first_reject: Option<(u64, String)>,
}

/// Loads the candidates, in transactions of whole files.
pub fn load(
    connection: &Connection,
    candidates: Vec<Candidate>,
    mut next_file_id: impl FnMut() -> u32,
    progress: &(dyn Fn(u64) + Sync),
) -> Result<Vec<FileReport>> {
    let mut reports = Vec::new();
    let mut group = Vec::new();
    let mut group_bytes = 0;
    for candidate in candidates {
        group_bytes += candidate.bytes;
        group.push((next_file_id(), candidate));
        if group_bytes >= COMMIT_BYTES {
            reports.extend(load_group(connection, std::mem::take(&mut group), progress)?);
            group_bytes = 0;
        }
    }
    if !group.is_empty() {
        reports.extend(load_group(connection, group, progress)?);
    }
    Ok(reports)
}

fn load_group(
    connection: &Connection,
    group: Vec<(u32, Candidate)>,
    progress: &(dyn Fn(u64) + Sync),
) -> Result<Vec<FileReport>> {
    connection.execute_batch("begin")?;
    // while entries come in the parsers need the cores (DuckDB's threads would wait for work in a busy loop), and what
    // DuckDB holds of entries that were written already would grow with the file; looking for copies needs more of both
    connection.execute_batch("set threads = 1; set memory_limit = '128MB'")?;
    let filled = fill(connection, group, progress);
    connection.execute_batch(&format!("set threads = {}; set memory_limit = '512MB'", cores()))?;
    let result = filled.and_then(|mut reports| {
        reports.retain(|report| report.entries > 0 || report.rejects > 0 || report.error.is_some());
        drop_copies(connection, &mut reports)?;
        write_ledger(connection, &reports)?;
        Ok(reports)
    });
    connection.execute_batch(if result.is_ok() { "commit" } else { "rollback" })?;
    result
}

fn cores() -> usize {
    thread::available_parallelism().map_or(2, |count| count.get())
}

/// The three kinds of threads and the channels between them.
fn fill(
    connection: &Connection,
    group: Vec<(u32, Candidate)>,
    progress: &(dyn Fn(u64) + Sync),
) -> Result<Vec<FileReport>> {
    let parsers = cores();
    let (block_sender, blocks) = bounded::<Block>(2 * parsers);
    let (parsed_sender, parsed) = bounded(2 * parsers);
    thread::scope(|scope| {
        let reader = scope.spawn(move || {
            let read = |(file_id, candidate)| read_file(file_id, candidate, &block_sender, progress);
            group.into_iter().map(read).collect::<Vec<_>>()
        });
        for _ in 0..parsers {
            let (blocks, sender) = (blocks.clone(), parsed_sender.clone());
            scope.spawn(move || {
                let mut parser = Parser::default();
                for block in blocks {
                    if sender.send(parser.parse(&block)).is_err() {
                        break;
                    }
                }
            });
        }
        drop((blocks, parsed_sender));
        let tallies = write_all(connection, &parsed);
        drop(parsed);
        let reports = reader.join().map_err(|_| anyhow!("the reader of exports broke off"))?;
        settle(connection, reports, tallies?)
    })
}

fn read_file(
    file_id: u32,
    mut candidate: Candidate,
    sender: &crossbeam_channel::Sender<Block>,
    progress: &(dyn Fn(u64) + Sync),
) -> FileReport {
    let mut report = FileReport {
        file_id,
        path: candidate.path.clone(),
        form: candidate.form.name,
        bytes: candidate.bytes,
        modified_at_ns: candidate.modified_at_ns,
        first_at: i64::MAX,
        last_at: i64::MIN,
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
    let mut blocks = Blocks::new(file_id, sender);
    let mut input = head.chain(&mut source);
    if let Err(error) = (candidate.form.cut)(&mut input, &mut blocks).and_then(|()| blocks.flush()) {
        report.error = Some(error.to_string());
    }
    report.notes = std::mem::take(&mut blocks.notes);
    report.faults = std::mem::take(&mut blocks.faults);
    report.hash = source.content_hash();
    report.bytes = source.bytes_read();
    progress(report.bytes);
    report
}

/// What the parsers counted, by file.
#[derive(Default)]
struct Tally {
    entries: u64,
    with_payload: u64,
    zoneless: u64,
    replaced: u64,
    first_at: Option<i64>,
    last_at: Option<i64>,
    entries_by_list: FxHashMap<u32, u64>,
    rejects: Vec<Rejected>,
    /// Items of lists that may turn out to hold no entries at all.
    pending: FxHashMap<u32, Vec<Rejected>>,
}

fn write_all(connection: &Connection, parsed: &Receiver<Result<Parsed, ArrowError>>) -> Result<FxHashMap<u32, Tally>> {
    let mut writer = Writer::new(connection)?;
    let mut tallies: FxHashMap<u32, Tally> = FxHashMap::default();
    for batch in parsed {
        let mut batch = batch?;
        writer.take(&mut batch)?;
        tallies.entry(batch.file_id).or_default().add(batch);
    }
    writer.finish()?;
    Ok(tallies)
}

impl Tally {
    fn add(&mut self, batch: Parsed) {
        self.entries += batch.entry_count;
        self.with_payload += batch.payload_count;
        self.zoneless += batch.zoneless_count;
        self.replaced += batch.replaced_count;
        if batch.entry_count > 0 {
            self.first_at = Some(self.first_at.map_or(batch.first_at, |at| at.min(batch.first_at)));
            self.last_at = Some(self.last_at.map_or(batch.last_at, |at| at.max(batch.last_at)));
        }
        for (list, count) in batch.entries_by_list {
            *self.entries_by_list.entry(list).or_default() += count;
        }
        for rejected in batch.rejects {
            if rejected.is_other {
                let pending = self.pending.entry(rejected.list).or_default();
                if pending.len() < PENDING_LIMIT {
                    pending.push(rejected);
                }
            } else {
                self.rejects.push(rejected);
            }
        }
    }

    /// Items that are no entries count as rejected only in lists that do hold entries.
    fn all_rejects(&mut self) -> Vec<Rejected> {
        let mut rejects = std::mem::take(&mut self.rejects);
        for (list, pending) in std::mem::take(&mut self.pending) {
            if self.entries_by_list.contains_key(&list) || self.entries == 0 {
                rejects.extend(pending);
            }
        }
        rejects.sort_by_key(|rejected| (rejected.line, rejected.byte_offset));
        rejects
    }
}

/// Brings the reader's and the parsers' sides of each file together.
fn settle(
    connection: &Connection,
    mut reports: Vec<FileReport>,
    mut tallies: FxHashMap<u32, Tally>,
) -> Result<Vec<FileReport>> {
    let mut appender = connection.appender("rejects")?;
    for report in &mut reports {
        let mut tally = tallies.remove(&report.file_id).unwrap_or_default();
        let rejects = tally.all_rejects();
        report.entries = tally.entries;
        report.rejects = rejects.len() as u64;
        report.first_reject = rejects.first().map(|first| (first.line, first.reason.clone()));
        report.without_payload = tally.entries - tally.with_payload;
        report.first_at = tally.first_at.unwrap_or(0);
        report.last_at = tally.last_at.unwrap_or(0);
        if tally.entries == 0 {
            continue;
        }
        for Rejected { line, byte_offset, reason, raw, .. } in &rejects {
            appender.append_row(params![report.file_id, line, byte_offset, reason, raw])?;
        }
        report.faults.extend(tally.faults());
        report.faults.extend(report.error.as_ref().map(|error| format!("reading broke off: {error}")));
    }
    appender.flush()?;
    Ok(reports)
}

impl Tally {
    fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        if self.with_payload == 0 {
            faults
                .push(format!("no payload in any of its {}: a fault of the collection", plural(self.entries, "entry")));
        }
        if self.zoneless > 0 {
            faults.push(format!("times without a zone, taken as UTC, in {}", plural(self.zoneless, "entry")));
        }
        if self.replaced > 0 {
            faults.push(format!("invalid UTF-8, which was replaced, in {}", plural(self.replaced, "piece")));
        }
        faults
    }
}

/// Of several copies of an entry one stays, and each file is told how many of its entries were there already.
fn drop_copies(connection: &Connection, reports: &mut [FileReport]) -> Result<()> {
    let loaded: Vec<_> = reports.iter().filter(|report| report.entries > 0).collect();
    let (Some(first_at), Some(last_at)) =
        (loaded.iter().map(|report| report.first_at).min(), loaded.iter().map(|report| report.last_at).max())
    else {
        return Ok(());
    };
    let first_file_id = loaded.iter().map(|report| report.file_id).min().unwrap_or(0);
    let first_file = [("first_file_id", i64::from(first_file_id).into())];
    run_named(connection, "insert into file_spans ", &FILE_SPANS, &first_file)?;
    let window = [("first_at_ns", first_at.into()), ("last_at_ns", last_at.into())];
    run_named(connection, "create or replace temp table copies as ", &COPIES, &window)?;
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
    connection
        .execute_batch(
            "delete from raw_entries where rowid in (select row_id from copies where preference > 1); \
             drop table copies",
        )
        .context("cannot drop entries that are there twice")
}

fn write_ledger(connection: &Connection, reports: &[FileReport]) -> Result<()> {
    let sql = "insert into files select ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, make_timestamp_ns(?), make_timestamp_ns(?), \
               from_json(?, '[\"VARCHAR\"]'), ?, make_timestamp(?)";
    let loaded_at_us = jiff::Timestamp::now().as_microsecond();
    let mut statement = connection.prepare(sql)?;
    for report in reports.iter().filter(|report| report.entries > 0) {
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
