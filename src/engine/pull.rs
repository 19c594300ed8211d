//! From an engine to the database: what each group says, how often it was counted, and the entries that worklogs are
//! about. All of it goes into one transaction, so that a server that goes away leaves the database as it was.

use std::{io, sync::Arc};

use anyhow::{Context, Result, anyhow, bail};
use arrow::{
    array::{Array, ArrayRef, AsArray, RecordBatch, new_null_array},
    compute::cast,
    datatypes::{DataType, Field, Schema, SchemaRef},
};
use crossbeam_channel::Sender;

use super::{
    Attached, Engine, Options,
    dialect::Dialect,
    groups::{Groups, UNREAD},
};
use crate::{
    ingest::{
        append::{Known, write_due},
        blocks::{Block, Blocks},
        formats::without_nulls,
        load::{FileReport, delete_copies, feed_in, write_ledger},
        load_accumulator::{LoadAccumulator, PendingRows},
        parse::Rejected,
    },
    interrupt::is_stopped,
    model::{
        macros,
        registry::{PULLED, PULLED_DIFFERENCES, PULLED_TOTALS},
    },
    sql::{
        connection::Connection,
        query::{rows, run_named},
    },
    store,
    text::words::{plural, thousands},
};

/// What a database was filled from, if it was an engine.
pub const PULLED_FROM: &str = "pulled_from";

/// All that an engine counted is one file of the ledger.
const FILE_ID: u32 = 1;

/// More groups than this are not asked for by their ids.
const MOST_IDS: usize = 20_000;

/// What came of it, for the user.
#[derive(Debug, Default, Clone, Copy)]
pub struct Pulled {
    pub entries: u64,
    pub rejects: u64,
    pub messages: u64,
    pub cells: u64,
    pub fetched: u64,
    pub bytes: u64,
}

/// What an engine was asked, and where the answers go.
pub struct Pull<'a> {
    engine: Box<dyn Engine>,
    name: &'static str,
    options: &'a Options,
    dialect: Dialect,
    /// Rows of a table name all its columns, what an entry lacks is NULL in them.
    are_rows: bool,
    bytes: u64,
    /// Told what goes on.
    progress: &'a dyn Fn(&str),
}

impl<'a> Pull<'a> {
    pub fn new(
        (name, mut engine): (&'static str, Box<dyn Engine>),
        options: &'a Options,
        progress: &'a dyn Fn(&str),
    ) -> Result<Self> {
        let sources = options.sources.iter().map(|source| engine.attach(source)).collect::<Result<Vec<Attached>>>()?;
        let (from_ns, to_ns) = (options.from_ns.unwrap_or(i64::MIN + 1), options.to_ns.unwrap_or(i64::MAX));
        let dialect = Dialect::new(name, &sources, from_ns, to_ns)?;
        let are_rows = sources.iter().any(|source| source.is_table);
        Ok(Self { engine, name, options, dialect, are_rows, bytes: 0, progress })
    }

    /// How many bytes each of the three queries would read, with its name; the third is asked with no group named.
    pub fn estimates(&mut self) -> Result<Vec<(&'static str, Option<u64>)>> {
        let wanted = Groups::default().wanted();
        let queries = [
            ("messages", self.dialect.messages(self.options.messages)?),
            ("counts", self.dialect.counts()?),
            ("fetched", self.dialect.fetched(&wanted)?),
        ];
        queries.into_iter().map(|(name, sql)| Ok((name, self.engine.estimate(&sql)?))).collect()
    }

    /// Fills the database anew.
    pub fn fill(mut self, connection: &Connection) -> Result<Pulled> {
        connection.execute_batch("begin")?;
        let result = self.fill_inside(connection);
        let end = connection.execute_batch(if result.is_ok() { "commit" } else { "rollback" });
        let pulled = result?;
        end?;
        Ok(pulled)
    }

    fn fill_inside(&mut self, connection: &Connection) -> Result<Pulled> {
        store::clear(connection)?;
        macros::store(connection)?;
        let mut gathered = LoadAccumulator::new(Known::read(connection)?);
        let entries = self.messages()?;
        let groups = Groups::read(&entries, FILE_ID, &mut gathered)?;
        drop(entries);
        groups.store(connection)?;
        let cells = self.counts(connection)?;
        let totals = Totals::read(connection)?;
        if totals.entries == 0 {
            let reason = groups.rejected.first().map(|(_, reason, _)| reason.as_str()).unwrap_or_default();
            bail!(
                "no log entries in {}: {} could not be read, one for this reason: {reason}\n\n\
                 hint: engines read NDJSON (one entry per line), Parquet and tables; `gardener load` reads every format",
                self.options.sources.join(", "),
                plural(totals.rejects, "row"),
            );
        }
        let fetched = self.fetch(connection, &groups, &totals, gathered)?;
        for file in PULLED {
            run_named(connection, &format!("insert into {} ", file.stem()), file, &[])?;
        }
        check_fetched(connection)?;
        self.write_file(connection, &groups, &totals)?;
        Ok(Pulled {
            entries: totals.entries,
            rejects: totals.rejects,
            messages: groups.len() as u64,
            cells,
            fetched,
            bytes: self.bytes,
        })
    }

    /// The earliest entry of each group.
    fn messages(&mut self) -> Result<Vec<(String, String)>> {
        let limit = self.options.messages;
        let sql = self.dialect.messages(limit)?;
        let schema = texts(&["group_id", "told"]);
        let (are_rows, mut entries) = (self.are_rows, Vec::new());
        self.ask("messages", &sql, &mut |batch| {
            let batch = brought_to(&schema, &batch)?;
            let (ids, texts) = (batch.column(0).as_string::<i32>(), batch.column(1).as_string::<i32>());
            for row in 0..batch.num_rows() {
                // behind the time and the insertId
                let told = if texts.is_valid(row) { texts.value(row) } else { "" };
                let text = told.splitn(3, '\u{1f}').nth(2).unwrap_or_default();
                let text = if are_rows { without_nulls(text) } else { text.to_owned() };
                entries.push((ids.value(row).to_owned(), text));
            }
            Ok(())
        })?;
        if entries.len() as u64 > limit {
            bail!(
                "more than {} distinct messages, numbers and long ids left aside\n\n\
                 hint: choose a shorter time span with `--from` and `--to`, or allow more messages with `--messages`",
                thousands(limit)
            );
        }
        if entries.is_empty() {
            bail!("no log entries in {}{}", self.options.sources.join(", "), self.options.in_window());
        }
        Ok(entries)
    }

    /// The engine's counts, as they come, in a table of their own.
    fn counts(&mut self, connection: &Connection) -> Result<u64> {
        let columns: Vec<String> = COUNTS
            .iter()
            .map(|(name, is_text)| format!("{name} {}", if *is_text { "varchar" } else { "bigint" }))
            .collect();
        connection.execute_batch(&format!("create or replace temp table pulled_counts ({})", columns.join(", ")))?;
        let field = |(name, is_text): &(&str, bool)| {
            Field::new(*name, if *is_text { DataType::Utf8 } else { DataType::Int64 }, true)
        };
        let schema: SchemaRef = Arc::new(Schema::new(COUNTS.iter().map(field).collect::<Vec<_>>()));
        let sql = self.dialect.counts()?;
        let mut appender = connection.appender("pulled_counts")?;
        let mut count = 0;
        self.ask("counts", &sql, &mut |batch| {
            count += batch.num_rows() as u64;
            let batch = brought_to(&schema, &batch)?;
            // what is appended at once fits into one of DuckDB's vectors
            for start in (0..batch.num_rows()).step_by(VECTOR_ROWS) {
                appender.append_record_batch(batch.slice(start, VECTOR_ROWS.min(batch.num_rows() - start)))?;
            }
            Ok(())
        })?;
        appender.flush()?;
        Ok(count)
    }

    /// The entries of NOTICE and above, through the reader of exports.
    fn fetch(
        &mut self,
        connection: &Connection,
        groups: &Groups,
        totals: &Totals,
        gathered: LoadAccumulator,
    ) -> Result<u64> {
        let limit = self.options.fetched;
        if totals.to_fetch > limit {
            bail!(
                "{} of NOTICE and above are more than the {} that are fetched at most\n\n\
                 hint: choose a shorter time span with `--from` and `--to`, or allow more entries with `--fetch`",
                plural(totals.to_fetch, "entry"),
                thousands(limit)
            );
        }
        let wanted = groups.wanted();
        if wanted.groups.len() > MOST_IDS {
            bail!(
                "{} claim a level in their texts only, or stand for pieces of others: more than the {} that can be asked for\n\n\
                 hint: choose a shorter time span with `--from` and `--to`",
                plural(wanted.groups.len() as u64, "message"),
                thousands(MOST_IDS as u64)
            );
        }
        let sql = self.dialect.fetched(&wanted)?;
        let this = &mut *self;
        let progress = this.progress;
        progress("fetching entries");
        let (engine, are_rows, name) = (&mut this.engine, this.are_rows, this.name);
        let (read, open) = feed_in(connection, gathered, move |sender| {
            read_entries(engine.as_mut(), &sql, are_rows, sender)
                .with_context(|| format!("the engine `{name}` did not answer the query `fetched`"))
        })?;
        let (count, bytes) = read?;
        self.bytes += bytes;
        let mut tallies = open.feed.gathered();
        let mut due = PendingRows::default();
        if let Some(tally) = tallies.tallies.get_mut(&FILE_ID) {
            due.rejects.extend(tally.late_rejects().into_iter().map(|rejected| (FILE_ID, rejected)));
        }
        write_due(connection, &due)?;
        delete_copies(connection)?;
        Ok(count)
    }

    fn ask(&mut self, query: &str, sql: &str, take: &mut dyn FnMut(RecordBatch) -> Result<()>) -> Result<()> {
        (self.progress)(&format!("asking for {query}"));
        let mut stoppable = |batch: RecordBatch| -> Result<()> {
            if is_stopped() {
                bail!("stopped");
            }
            take(batch)
        };
        let bytes = self
            .engine
            .query(sql, &mut stoppable)
            .with_context(|| format!("the engine `{}` did not answer the query `{query}`", self.name))?;
        self.bytes += bytes;
        Ok(())
    }

    /// The ledger's line, and what could not be read.
    fn write_file(&self, connection: &Connection, groups: &Groups, totals: &Totals) -> Result<()> {
        let report = FileReport {
            file_id: FILE_ID,
            path: self.options.sources.join(" "),
            form: self.name,
            bytes: self.bytes,
            entries: totals.entries,
            rejects: totals.rejects,
            content_bytes: totals.rows,
            entry_bytes: totals.entries,
            reject_bytes: totals.rejects,
            without_payload: totals.without_payload,
            first_at: totals.first_ns,
            last_at: totals.last_ns,
            ..FileReport::default()
        };
        write_ledger(connection, &[report])?;
        let mut due = PendingRows::default();
        for (id, reason, raw) in &groups.rejected {
            let sql = "select coalesce(sum(entry_count), 0)::ubigint from pulled_counts where part = 'messages' and group_id = ?";
            let count = connection.query_row(sql, [id], |row| row.get(0))?;
            let reason = if id == UNREAD { format!("no log entry: {reason}") } else { reason.clone() };
            let rejected = Rejected {
                line: 0,
                byte_offset: 0,
                bytes: 0,
                count,
                list: 0,
                reason,
                raw: raw.clone(),
                is_other: false,
            };
            due.rejects.push((FILE_ID, rejected));
        }
        write_due(connection, &due)?;
        store::set_meta(connection, PULLED_FROM, &format!("{} {}", self.name, self.options.sources.join(" ")))
    }
}

const VECTOR_ROWS: usize = 2_048;

/// The columns of `sql/engine/counts.sql`, and whether they are texts.
const COUNTS: &[(&str, bool)] = &[
    ("part", true),
    ("group_id", true),
    ("minute", false),
    ("latency_step", false),
    ("service", true),
    ("revision", true),
    ("instance_id", true),
    ("entry_count", false),
    ("first_ns", false),
    ("last_ns", false),
    ("smallest_instance_id", true),
    ("greatest_instance_id", true),
    ("smallest_insert_id", true),
    ("first_line_ns", false),
    ("last_line_ns", false),
    ("announced_ns", false),
];

fn texts(names: &[&str]) -> SchemaRef {
    Arc::new(Schema::new(names.iter().map(|name| Field::new(*name, DataType::Utf8, true)).collect::<Vec<_>>()))
}

/// A batch's columns by name, in the order and types of a schema: engines differ in both.
fn brought_to(schema: &SchemaRef, batch: &RecordBatch) -> Result<RecordBatch> {
    let column = |field: &Arc<Field>| -> Result<ArrayRef> {
        let found = batch.schema().fields().iter().position(|other| other.name().eq_ignore_ascii_case(field.name()));
        let column = batch.column(found.ok_or_else(|| anyhow!("the answer has no column `{}`", field.name()))?);
        if column.data_type() == &DataType::Null {
            return Ok(new_null_array(field.data_type(), batch.num_rows()));
        }
        Ok(cast(column, field.data_type())?)
    };
    let columns = schema.fields().iter().map(column).collect::<Result<Vec<_>>>()?;
    Ok(RecordBatch::try_new(Arc::clone(schema), columns)?)
}

/// Whole entries as an engine hands them over, packed into blocks as those of a file.
fn read_entries(engine: &mut dyn Engine, sql: &str, are_rows: bool, sender: &Sender<Block>) -> Result<(u64, u64)> {
    let schema = texts(&["entry"]);
    let mut blocks = Blocks::new(FILE_ID, None, sender);
    let mut count = 0;
    let bytes = engine.query(sql, &mut |batch| {
        if is_stopped() {
            bail!("stopped");
        }
        for text in brought_to(&schema, &batch)?.column(0).as_string::<i32>() {
            count += 1;
            let text = text.unwrap_or_default();
            // no line: an engine tells none
            blocks.begin(0, count - 1, 0);
            if are_rows {
                blocks.extend_decoded(without_nulls(text).as_bytes(), 1);
            } else {
                blocks.extend_decoded(text.as_bytes(), 1);
            }
            blocks.end()?;
        }
        Ok(())
    })?;
    blocks.flush().map_err(io::Error::other)?;
    Ok((count, bytes))
}

/// What the counts add up to.
struct Totals {
    /// Rows of the sources, each entry once, as another grouping counts them.
    rows: u64,
    entries: u64,
    rejects: u64,
    without_payload: u64,
    to_fetch: u64,
    first_ns: Option<i64>,
    last_ns: Option<i64>,
}

impl Totals {
    fn read(connection: &Connection) -> Result<Self> {
        let found = rows(connection, &PULLED_TOTALS, &[])?;
        let row = found.first().ok_or_else(|| anyhow!("nothing was counted"))?;
        let number = |name: &str| row[name].as_u64().unwrap_or(0);
        Ok(Self {
            rows: number("row_count"),
            entries: number("entry_count"),
            rejects: number("reject_count"),
            without_payload: number("no_payload_count"),
            to_fetch: number("to_fetch_count"),
            first_ns: row["first_ns"].as_i64(),
            last_ns: row["last_ns"].as_i64(),
        })
    }
}

/// The entries fetched are as many as were counted.
fn check_fetched(connection: &Connection) -> Result<()> {
    let found = rows(connection, &PULLED_DIFFERENCES, &[])?;
    match found.first() {
        None => Ok(()),
        Some(row) => bail!(
            "what was fetched is not what was counted: {row}\n\n\
             hint: the source may have changed meanwhile; try again, or end the time span in the past with `--to`"
        ),
    }
}
