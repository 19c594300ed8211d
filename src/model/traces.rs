//! Joins traces that are written in several entries: which entries are pieces of one, and the text of the whole.

use anyhow::Result;
use duckdb::{Connection, params};
use xxhash_rust::xxh3::xxh3_64;

use super::registry::NEAR_PIECES;
use crate::mine::{
    Kind, ShapeId,
    trace::pieces::{Joined, join as join_messages, may_be_piece},
};

/// Pieces of one trace are written microseconds apart; a pause longer than this ends it.
const PAUSE_NS: i64 = 10_000_000;
/// A stream that never pauses is cut after so many entries, at one that begins nothing and goes on with nothing; after
/// many more of them anywhere.
const RUN_ENTRIES: usize = 1_000;
const LONGEST_RUN: usize = 50_000;

/// Makes the tables anew. Most archives hold no pieces, which costs a look at the shapes.
pub fn join(connection: &Connection) -> Result<()> {
    connection.execute_batch(
        "create or replace table trace_events ( \
             event_id ubigint, shape_id varchar, kind varchar, shape_text varchar, message varchar, \
             call_module varchar, call_function varchar, call_line uinteger, piece_count uinteger, \
             missing_count uinteger \
         ); \
         comment on table trace_events is 'one row per trace or text that is written in several entries'; \
         comment on column trace_events.missing_count is 'pieces of a split entry that no export contains'; \
         create or replace table trace_pieces ( \
             entry_ns bigint, entry_key ubigint, event_id ubigint, shape_id varchar, kind varchar \
         ); \
         create or replace temp table piece_shapes (shape_id varchar)",
    )?;
    if find_piece_shapes(connection)? > 0 {
        join_streams(connection)?;
    }
    connection.execute_batch("drop table piece_shapes")?;
    Ok(())
}

fn find_piece_shapes(connection: &Connection) -> Result<usize> {
    let mut appender = connection.appender("piece_shapes")?;
    let mut statement = connection.prepare("select shape_id, text from raw_shapes where kind = 'message'")?;
    let mut rows = statement.query([])?;
    let mut count = 0;
    while let Some(row) = rows.next()? {
        let (shape_id, text): (String, String) = (row.get(0)?, row.get(1)?);
        if may_be_piece(&text) {
            appender.append_row([shape_id])?;
            count += 1;
        }
    }
    appender.flush()?;
    Ok(count)
}

struct Piece {
    stream: (u64, String),
    entry_ns: i64,
    entry_key: u64,
    message: String,
}

fn join_streams(connection: &Connection) -> Result<()> {
    let mut statement = connection.prepare(NEAR_PIECES.text())?;
    let mut rows = statement.query([])?;
    let mut run: Vec<Piece> = Vec::new();
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let stream = (row.get(0)?, row.get(1)?);
        let piece = Piece { stream, entry_ns: row.get(2)?, entry_key: row.get(3)?, message: row.get(4)? };
        if !goes_on(&run, &piece) {
            found.extend(join_run(std::mem::take(&mut run)));
        }
        run.push(piece);
    }
    found.extend(join_run(run));
    write(connection, &found)
}

fn goes_on(run: &[Piece], piece: &Piece) -> bool {
    let is_near = |last: &Piece| last.stream == piece.stream && piece.entry_ns - last.entry_ns <= PAUSE_NS;
    let is_apart = !piece.message.starts_with(char::is_whitespace) && !may_be_piece(&piece.message);
    let is_full = run.len() >= LONGEST_RUN || run.len() >= RUN_ENTRIES && is_apart;
    run.last().is_some_and(is_near) && !is_full
}

/// A trace with the times and keys of the entries that tell it.
struct Event {
    joined: Joined,
    entries: Vec<(i64, u64)>,
}

fn join_run(run: Vec<Piece>) -> Vec<Event> {
    let messages: Vec<&str> = run.iter().map(|piece| piece.message.as_str()).collect();
    let event = |joined: Joined| {
        let entries = joined.members.iter().map(|&at| (run[at].entry_ns, run[at].entry_key)).collect();
        Event { joined, entries }
    };
    join_messages(&messages).into_iter().map(event).collect()
}

fn write(connection: &Connection, found: &[Event]) -> Result<()> {
    let mut events = connection.appender("trace_events")?;
    let mut pieces = connection.appender("trace_pieces")?;
    for Event { joined, entries } in found {
        let event_id = xxh3_64(format!("{:?}", entries[0]).as_bytes());
        let text = joined.trace.shape_text();
        let shape_id = ShapeId::of(Kind::Exception, &text).to_string();
        let frame = joined.trace.frame_to_look_at();
        events.append_row(params![
            event_id,
            shape_id,
            Kind::Exception.as_str(),
            text,
            joined.text,
            frame.map(|frame| &frame.file),
            frame.map(|frame| &frame.function),
            frame.and_then(|frame| frame.line),
            entries.len() as u32,
            0_u32,
        ])?;
        for (entry_ns, entry_key) in entries {
            pieces.append_row(params![entry_ns, entry_key, event_id, shape_id, Kind::Exception.as_str()])?;
        }
    }
    events.flush()?;
    pieces.flush()?;
    Ok(())
}
