//! Entries that Cloud Logging split because they were too long, joined: a text of several pieces is one event.

use anyhow::Result;
use duckdb::{Appender, Connection, params};
use xxhash_rust::xxh3::xxh3_64;

use super::{growth::Growth, registry::SPLIT_PIECES, traces::CHANGED_TIMES};
use crate::mine::{Miner, trace};

struct Piece {
    uid: (String, String),
    index: u32,
    total: u32,
    entry_ns: i64,
    entry_key: u64,
    message: String,
    is_ungraded: bool,
    source_id: u64,
}

/// Joins all again if pieces were loaded since, or gave way to a more complete copy.
pub(super) fn rejoin(connection: &Connection, growth: &Growth) -> Result<()> {
    let Some((from_ns, to_ns)) = growth.span else { return Ok(()) };
    let is_touched = "select exists (from raw_entries where file_id > $1 and extra like '%\"split\"%') or exists ( \
             from trace_pieces as piece \
             semi join (select event_id from trace_events where lines is null) as event \
                 on piece.event_id = event.event_id \
             anti join (select epoch_ns(entry_at) as entry_ns, entry_key from raw_entries \
                 where entry_at between make_timestamp_ns($2) and make_timestamp_ns($3)) as raw \
                 on piece.entry_ns = raw.entry_ns and piece.entry_key = raw.entry_key \
             where piece.entry_ns between $2 and $3 \
         )";
    if !connection.query_row(is_touched, params![growth.last_file, from_ns, to_ns], |row| row.get(0))? {
        return Ok(());
    }
    let is_split = "event_id in (select event_id from trace_events where lines is null)";
    connection.execute_batch(&format!(
        "create or replace temp table pieces_before as from trace_pieces where {is_split}; \
         delete from trace_pieces where {is_split}; delete from trace_events where lines is null"
    ))?;
    join(connection)?;
    connection
        .execute_batch(&format!("create or replace temp table pieces_now as from trace_pieces where {is_split}"))?;
    growth.touch(connection, CHANGED_TIMES)?;
    Ok(connection.execute_batch("drop table pieces_before; drop table pieces_now")?)
}

/// Adds to the tables of events and their pieces.
pub(super) fn join(connection: &Connection) -> Result<()> {
    let mut statement = connection.prepare(SPLIT_PIECES.text())?;
    let mut rows = statement.query([])?;
    let mut pieces: Vec<Piece> = Vec::new();
    let mut tables =
        Tables { events: connection.appender("trace_events")?, pieces: connection.appender("trace_pieces")? };
    while let Some(row) = rows.next()? {
        let uid = (row.get(0)?, row.get(1)?);
        let (index, total, entry_ns, entry_key) = (row.get(2)?, row.get(3)?, row.get(4)?, row.get(5)?);
        let (message, is_ungraded, source_id) = (row.get(6)?, row.get(7)?, row.get(8)?);
        let piece = Piece { uid, index, total, entry_ns, entry_key, message, is_ungraded, source_id };
        if pieces.last().is_some_and(|last| last.uid != piece.uid) {
            tables.write(&pieces)?;
            pieces.clear();
        }
        pieces.push(piece);
    }
    tables.write(&pieces)?;
    tables.events.flush()?;
    Ok(tables.pieces.flush()?)
}

/// Of which a statement for each row would take minutes.
struct Tables<'c> {
    events: Appender<'c>,
    pieces: Appender<'c>,
}

impl Tables<'_> {
    fn write(&mut self, pieces: &[Piece]) -> Result<()> {
        let Some(first) = pieces.first() else { return Ok(()) };
        let whole: String = pieces.iter().map(|piece| piece.message.as_str()).collect();
        let total = pieces.iter().map(|piece| piece.total).max().unwrap_or(0);
        let mut indexes: Vec<u32> = pieces.iter().map(|piece| piece.index).collect();
        indexes.dedup();
        let missing = (total as usize).saturating_sub(indexes.len());
        let trace = trace::parse(&whole);
        let mut miner = Miner::new();
        let mined = miner.mine_parsed(&whole, trace.as_ref());
        let (shape_id, kind, text) = (mined.id.to_string(), mined.kind.as_str(), mined.text.to_owned());
        let frame = trace.as_ref().and_then(|trace| trace.frame_to_look_at());
        // what a trace is stands above how a line of it is worded
        let is_trace = trace.is_some();
        let level = (is_trace && pieces.iter().any(|piece| piece.is_ungraded)).then_some("ERROR");
        let event_id = xxh3_64(format!("{:?}", first.uid).as_bytes());
        self.events.append_row(params![
            event_id,
            shape_id,
            kind,
            text,
            whole,
            frame.map(|frame| &frame.file),
            frame.map(|frame| &frame.function),
            frame.and_then(|frame| frame.line),
            pieces.len() as u32,
            missing as u32,
            level,
            None::<&str>,
        ])?;
        for piece in pieces {
            let level = level.filter(|_| piece.is_ungraded);
            let level_source = level.map(|_| "content");
            self.pieces.append_row(params![
                piece.entry_ns,
                piece.entry_key,
                event_id,
                shape_id,
                kind,
                level,
                level_source,
                piece.source_id
            ])?;
        }
        Ok(())
    }
}
