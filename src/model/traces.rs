//! Joins what stands in several entries, traces and other statements: which entries are pieces of one, and the text of
//! the whole.

mod headlines;
mod regrown;

use anyhow::Result;
use duckdb::{Connection, params};
use xxhash_rust::xxh3::xxh3_64;

use super::registry::{NEAR_PIECES, WHOLE_COPIES};
use crate::mine::{
    Miner, event,
    trace::{Trace, parse, pieces},
};

pub(super) use regrown::{CHANGED_TIMES, rejoin};

/// Nothing that stands in pieces goes on after a pause longer than this.
const PAUSE_NS: i64 = 2_000_000_000;
/// A stream that never pauses is cut once in each stretch of this length, at the first entry that begins nothing and goes
/// on with nothing: where it is cut does not depend on when it began.
const STRETCH_NS: i64 = 600_000_000_000;
/// After so many entries it is cut anywhere.
const LONGEST_RUN: usize = 50_000;

/// A stretch of time; entries outside of it are not looked at.
#[derive(Clone, Copy)]
struct Span {
    from_ns: i64,
    to_ns: i64,
}

/// Holds all times that entries may have.
const ALL_TIME: Span = Span { from_ns: 0, to_ns: i64::MAX - 1 };

/// What pieces are near the ends of a span is not known, and what they are pieces of: they may be near others outside.
const UNSURE_NS: i64 = 6_000_000_000;

/// Makes the tables anew. Most archives hold no pieces, which costs a look at the shapes.
pub(super) fn join(connection: &Connection) -> Result<()> {
    connection.execute_batch(
        "create or replace table trace_events ( \
             event_id ubigint, shape_id varchar, kind varchar, shape_text varchar, message varchar, \
             call_module varchar, call_function varchar, call_line uinteger, piece_count uinteger, \
             missing_count uinteger, lines varchar, level varchar \
         ); \
         comment on table trace_events is 'one row per trace or text that is written in several entries'; \
         comment on column trace_events.missing_count is 'pieces of a split entry that no export contains'; \
         comment on column trace_events.message is 'what it says, head first'; \
         comment on column trace_events.lines is 'the text of its entries, a line each or more; NULL of a split entry'; \
         comment on column trace_events.level is 'the highest of its lines'; \
         create or replace table trace_pieces ( \
             entry_ns bigint, entry_key ubigint, event_id ubigint, shape_id varchar, kind varchar, \
             level severity_name, level_source varchar, source_id ubigint \
         ); \
         comment on column trace_pieces.level is 'of the event, where the piece by itself tells less'; \
         comment on column trace_pieces.source_id is 'NULL of an entry that repeats the event as a whole'",
    )?;
    find_piece_shapes(connection)?;
    let mut events = Vec::new();
    each_run(connection, ALL_TIME, |run, _| {
        events.extend(join_run(run));
        Ok(())
    })?;
    if !events.is_empty() {
        write(connection, &events)?;
        join_copies(connection, ALL_TIME, ALL_TIME)?;
    }
    Ok(())
}

/// Lays the shapes whose entries may be pieces, by their texts.
fn find_piece_shapes(connection: &Connection) -> Result<()> {
    connection.execute_batch("create or replace temp table piece_shapes (shape_id varchar)")?;
    let mut appender = connection.appender("piece_shapes")?;
    let sql = "select shape_id, text, kind = 'exception' from raw_shapes where kind in ('message', 'exception')";
    let mut statement = connection.prepare(sql)?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let (shape_id, text): (String, String) = (row.get(0)?, row.get(1)?);
        // a logger's line may stand above a trace that is whole
        if row.get(2)? || may_be_piece(&text) {
            appender.append_row([shape_id])?;
        }
    }
    Ok(appender.flush()?)
}

fn may_be_piece(text: &str) -> bool {
    pieces::may_be_piece(text) || event::may_be_piece(text)
}

struct Piece {
    stream: (u64, String),
    entry_ns: i64,
    entry_key: u64,
    message: String,
    effective_severity: String,
    level_source: Option<String>,
    /// Whether its writer gave it a severity: the streams of agents have one for all their lines.
    is_graded: bool,
    call_site_id: Option<u64>,
}

/// Hands over the entries near pieces, run by run: those of one stream without a pause. Of a run that begins or ends near
/// an end of the span it is said that it may be longer.
fn each_run(connection: &Connection, span: Span, mut take: impl FnMut(Vec<Piece>, bool) -> Result<()>) -> Result<()> {
    let mut statement = connection.prepare(NEAR_PIECES.text())?;
    let mut rows = statement.query(params![span.from_ns, span.to_ns])?;
    let mut run: Vec<Piece> = Vec::new();
    let mut take_run = |run: Vec<Piece>| {
        let is_early = |first: &Piece| first.entry_ns - span.from_ns < UNSURE_NS;
        let is_late = |last: &Piece| span.to_ns - last.entry_ns < UNSURE_NS;
        let is_cut = run.first().is_some_and(is_early) || run.last().is_some_and(is_late);
        if run.is_empty() { Ok(()) } else { take(run, is_cut) }
    };
    while let Some(row) = rows.next()? {
        let piece = Piece {
            stream: (row.get(0)?, row.get(1)?),
            entry_ns: row.get(2)?,
            entry_key: row.get(3)?,
            message: row.get(4)?,
            effective_severity: row.get(5)?,
            level_source: row.get(6)?,
            is_graded: row.get(7)?,
            call_site_id: row.get(8)?,
        };
        if !goes_on(&run, &piece) {
            take_run(std::mem::take(&mut run))?;
        }
        run.push(piece);
    }
    take_run(run)
}

fn goes_on(run: &[Piece], piece: &Piece) -> bool {
    let is_near = |last: &Piece| last.stream == piece.stream && piece.entry_ns - last.entry_ns <= PAUSE_NS;
    let is_apart = !piece.message.starts_with(char::is_whitespace) && !may_be_piece(&piece.message);
    let stretch = |piece: &Piece| piece.entry_ns.div_euclid(STRETCH_NS);
    let is_later = |first: &Piece| stretch(first) != stretch(piece);
    let is_full = run.len() >= LONGEST_RUN || is_apart && run.first().is_some_and(is_later);
    run.last().is_some_and(is_near) && !is_full
}

/// Entries that tell one thing, in their order, and what that is.
struct Event {
    pieces: Vec<Piece>,
    trace: Option<Trace>,
    /// The lines as they were written.
    text: String,
    head: String,
}

/// A trace or a statement, by the places of its first and last line.
struct Found {
    first: usize,
    last: usize,
    /// Where the trace begins below the lines of the logger that printed it.
    trace_from: usize,
    trace: Option<Trace>,
    head: String,
}

fn join_run(run: Vec<Piece>) -> Vec<Event> {
    if run.len() < 2 {
        return Vec::new();
    }
    let messages: Vec<&str> = run.iter().map(|piece| piece.message.as_str()).collect();
    let times_ns: Vec<i64> = run.iter().map(|piece| piece.entry_ns).collect();
    let traces = pieces::join(&messages, &times_ns).into_iter().filter_map(|joined| {
        let (first, last) = (*joined.members.first()?, *joined.members.last()?);
        Some(Found { first, last, trace_from: first, trace: Some(joined.trace), head: String::new() })
    });
    let mut traces = with_whole_traces(traces.collect(), &messages);
    let statements = event::join(&messages, &times_ns, |at| is_other_call(&run, at));
    headlines::join(&run, &mut traces, &statements);
    let is_alone = |found: &Found| found.first == found.last;
    let mut all: Vec<Found> = traces
        .into_iter()
        .filter(|found| !is_alone(found))
        .chain(statements.into_iter().map(|it| Found {
            first: it.first,
            last: it.last,
            trace_from: it.first,
            trace: None,
            head: it.head,
        }))
        .collect();
    all.sort_by_key(|found| (found.first, found.last));
    let mut events: Vec<Event> = Vec::new();
    let mut run = run.into_iter().enumerate().peekable();
    for found in overlaps_joined(all) {
        while run.next_if(|(at, _)| *at < found.first).is_some() {}
        let mut pieces = Vec::new();
        while let Some((_, piece)) = run.next_if(|(at, _)| *at <= found.last) {
            pieces.push(piece);
        }
        events.push(Event::of(pieces, found));
    }
    events
}

/// The traces of several entries and, among them, those that one entry holds, in their order.
fn with_whole_traces(mut traces: Vec<Found>, messages: &[&str]) -> Vec<Found> {
    let mut is_taken = vec![false; messages.len()];
    for found in &traces {
        is_taken[found.first..=found.last].fill(true);
    }
    for (at, message) in messages.iter().enumerate().filter(|(at, _)| !is_taken[*at]) {
        if let Some(trace) = parse(message) {
            traces.push(Found { first: at, last: at, trace_from: at, trace: Some(trace), head: String::new() });
        }
    }
    traces.sort_by_key(|found| found.first);
    traces
}

/// Whether an entry comes from another place in the program than the one before: it begins a statement, however it looks.
fn is_other_call(run: &[Piece], at: usize) -> bool {
    at > 0 && run[at].call_site_id != run[at - 1].call_site_id
}

/// A trace inside of a statement, or one that goes on with it, is one event with it.
fn overlaps_joined(all: Vec<Found>) -> Vec<Found> {
    let mut joined: Vec<Found> = Vec::new();
    for found in all {
        match joined.last_mut().filter(|last| found.first <= last.last) {
            Some(last) => {
                if last.trace.is_none() && found.trace_from > found.first {
                    last.trace_from = found.trace_from;
                }
                last.last = last.last.max(found.last);
                last.trace = last.trace.take().or(found.trace);
                if last.head.is_empty() {
                    last.head = found.head;
                }
            }
            None => joined.push(found),
        }
    }
    joined
}

impl Event {
    fn of(pieces: Vec<Piece>, found: Found) -> Self {
        let lines: Vec<&str> = pieces.iter().map(|piece| piece.message.trim_end()).collect();
        let text = lines.join("\n");
        let below = lines.get(found.trace_from - found.first..).unwrap_or_default().join("\n");
        let trace = parse(&below).or(found.trace);
        Self { pieces, trace, text, head: found.head }
    }

    /// What it says: the head, with what was found inside, above the lines below it.
    fn message(&self) -> String {
        let (first, below) = self.text.split_once('\n').unwrap_or((&self.text, ""));
        if self.trace.as_ref().is_some_and(|trace| !trace.is_printed_object()) || self.head == first.trim() {
            return self.text.clone();
        }
        let is_of_first = self.head.starts_with(first.trim().trim_end_matches(['{', '[', '(']).trim_end());
        format!("{}\n{}", self.head, if is_of_first { below } else { &self.text })
    }

    /// The highest of its lines. What a trace is stands above how a line of it is worded.
    fn level(&self) -> Option<(&str, &str)> {
        let is_trace = self.trace.is_some();
        let graded = self.pieces.iter().filter(|piece| !is_trace || piece.is_declared());
        let highest = graded.max_by_key(|piece| rank(&piece.effective_severity));
        match highest.map(|piece| (piece.effective_severity.as_str(), piece.level_source.as_deref())) {
            Some(("DEFAULT", _)) | None => is_trace.then_some(("ERROR", "content")),
            Some((level, source)) => Some((level, source.unwrap_or("content"))),
        }
    }
}

impl Piece {
    fn is_declared(&self) -> bool {
        self.is_graded || matches!(self.level_source.as_deref(), Some("payload" | "text" | "content"))
    }
}

fn rank(severity: &str) -> Option<usize> {
    const SEVERITIES: [&str; 9] =
        ["DEFAULT", "DEBUG", "INFO", "NOTICE", "WARNING", "ERROR", "CRITICAL", "ALERT", "EMERGENCY"];
    SEVERITIES.iter().position(|known| *known == severity)
}

fn write(connection: &Connection, found: &[Event]) -> Result<()> {
    let mut events = connection.appender("trace_events")?;
    let mut pieces = connection.appender("trace_pieces")?;
    let mut miner = Miner::new();
    for event in found {
        let first = &event.pieces[0];
        let event_id = xxh3_64(format!("{:?}", (first.entry_ns, first.entry_key)).as_bytes());
        let mined = miner.mine_parsed(&event.head, event.trace.as_ref());
        let (shape_id, kind, text) = (mined.id.to_string(), mined.kind.as_str(), mined.text);
        let frame = event.trace.as_ref().and_then(|trace| trace.frame_to_look_at());
        let level = event.level();
        events.append_row(params![
            event_id,
            shape_id,
            kind,
            text,
            event.message(),
            frame.map(|frame| &frame.file),
            frame.map(|frame| &frame.function),
            frame.and_then(|frame| frame.line),
            event.pieces.len() as u32,
            0_u32,
            event.text,
            level.map(|(level, _)| level),
        ])?;
        for piece in &event.pieces {
            let is_less = |level: &str| rank(&piece.effective_severity) < rank(level);
            let is_worded = event.trace.is_some() && !piece.is_declared();
            let raised = level.filter(|(level, _)| is_less(level) || is_worded);
            pieces.append_row(params![
                piece.entry_ns,
                piece.entry_key,
                event_id,
                shape_id,
                kind,
                raised.map(|(level, _)| level),
                raised.map(|(_, source)| source),
                piece.stream.0,
            ])?;
        }
    }
    events.flush()?;
    pieces.flush()?;
    Ok(())
}

/// Adds to events the entries that repeat them as a whole, of a time inside of that which is looked at.
fn join_copies(connection: &Connection, looked_at: Span, within: Span) -> Result<()> {
    let sql = format!("create or replace temp table whole_copies as {}", WHOLE_COPIES.text());
    connection.execute(&sql, params![looked_at.from_ns, looked_at.to_ns])?;
    connection.execute(
        "insert into trace_pieces \
         select entry_ns, entry_key, event_id, shape_id, kind, level, \
             case when level is not null then 'content' end, null \
         from whole_copies where entry_ns between ? and ?",
        params![within.from_ns, within.to_ns],
    )?;
    count_pieces(connection, "whole_copies")?;
    Ok(connection.execute_batch("drop table whole_copies")?)
}

/// Counts the pieces of the events that a relation names.
fn count_pieces(connection: &Connection, relation: &str) -> Result<()> {
    Ok(connection.execute_batch(&format!(
        "update trace_events set piece_count = counted.piece_count from ( \
             select event_id, count(*) as piece_count from trace_pieces \
             where event_id in (select event_id from {relation}) group by event_id \
         ) as counted where trace_events.event_id = counted.event_id"
    ))?)
}
