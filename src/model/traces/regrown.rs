//! Traces and statements near what was loaded since, joined anew; all others stay.

use anyhow::Result;
use duckdb::{Connection, params};
use rustc_hash::FxHashSet;

use super::{
    ALL_TIME, Event, STRETCH_NS, Span, count_pieces, each_run, find_piece_shapes, join_copies, join_run, write,
};
use crate::model::growth::{Growth, MINUTE_NS, MINUTES};

/// A copy is sought within a second of its event, and events within a second of the copy may want it, too.
const COPY_NS: i64 = 3_000_000_000;

/// When the pieces were written that are others now than before.
pub(in crate::model) const CHANGED_TIMES: &str = "select entry_ns as time_ns from ( \
         (select * from pieces_before except select * from pieces_now) union all \
         (select * from pieces_now except select * from pieces_before) \
     ) as changed";

/// Joins what is near new entries. The time that is looked at is made longer until nothing that may have changed
/// reaches beyond it.
pub(in crate::model) fn rejoin(connection: &Connection, growth: &Growth) -> Result<()> {
    let Some((first_ns, last_ns)) = growth.span else { return Ok(()) };
    find_piece_shapes(connection)?;
    let minutes = touched_minutes(connection)?;
    let mut margin_ns = STRETCH_NS;
    loop {
        let span = around(first_ns, last_ns, margin_ns);
        let events = find(connection, span, &minutes)?;
        if let Some(events) = events
            && (span.from_ns == ALL_TIME.from_ns || is_closed(connection, span)?)
        {
            return replace(connection, growth, span, &events);
        }
        margin_ns = margin_ns.saturating_mul(4);
    }
}

/// Beyond a year on either side, all time is looked at.
fn around(first_ns: i64, last_ns: i64, margin_ns: i64) -> Span {
    const YEAR_NS: i64 = 365 * 86_400_000_000_000;
    if margin_ns > YEAR_NS || first_ns < margin_ns + STRETCH_NS {
        return ALL_TIME;
    }
    let stretch = |ns: i64| ns.div_euclid(STRETCH_NS) * STRETCH_NS;
    Span { from_ns: stretch(first_ns) - margin_ns, to_ns: stretch(last_ns) + STRETCH_NS + margin_ns }
}

fn touched_minutes(connection: &Connection) -> Result<FxHashSet<i64>> {
    let mut statement = connection.prepare(&format!("select minute_ns from {MINUTES}"))?;
    let minutes = statement.query_map([], |row| row.get(0))?;
    Ok(minutes.collect::<duckdb::Result<_>>()?)
}

/// What the runs of a span hold, whose entries are laid as `rejoined`. None if one that was touched may reach further.
fn find(connection: &Connection, span: Span, minutes: &FxHashSet<i64>) -> Result<Option<Vec<Event>>> {
    connection.execute_batch("create or replace temp table rejoined (entry_ns bigint, entry_key ubigint)")?;
    let mut rejoined = connection.appender("rejoined")?;
    let (mut events, mut is_open) = (Vec::new(), false);
    each_run(connection, span, |run, is_cut| {
        if is_cut {
            is_open |= run.iter().any(|piece| minutes.contains(&(piece.entry_ns / MINUTE_NS * MINUTE_NS)));
            return Ok(());
        }
        for piece in &run {
            rejoined.append_row(params![piece.entry_ns, piece.entry_key])?;
        }
        events.extend(join_run(run));
        Ok(())
    })?;
    rejoined.flush()?;
    Ok((!is_open).then_some(events))
}

/// Lays the events that `rejoined` replaces as `doomed`, with those whose entries are gone. False if one of them has
/// pieces that were not looked at.
fn is_closed(connection: &Connection, span: Span) -> Result<bool> {
    lay_doomed(connection, span)?;
    let sql = "select count(*) from trace_pieces as piece \
               semi join doomed on piece.event_id = doomed.event_id \
               anti join rejoined on piece.entry_ns = rejoined.entry_ns and piece.entry_key = rejoined.entry_key \
               anti join gone_pieces as gone on piece.entry_ns = gone.entry_ns and piece.entry_key = gone.entry_key \
               where piece.source_id is not null";
    let beyond: u64 = connection.query_row(sql, [], |row| row.get(0))?;
    Ok(beyond == 0)
}

fn lay_doomed(connection: &Connection, span: Span) -> Result<()> {
    let Span { from_ns, to_ns } = span;
    Ok(connection.execute_batch(&format!(
        "create or replace temp table gone_pieces as \
         select piece.event_id, piece.entry_ns, piece.entry_key from trace_pieces as piece \
         anti join (select epoch_ns(entry_at) as entry_ns, entry_key from raw_entries \
             where entry_at between make_timestamp_ns({from_ns}) and make_timestamp_ns({to_ns})) as raw \
             on piece.entry_ns = raw.entry_ns and piece.entry_key = raw.entry_key \
         where piece.entry_ns between {from_ns} and {to_ns} and piece.source_id is not null; \
         create or replace temp table doomed as \
         select distinct touched.event_id from ( \
             select piece.event_id from trace_pieces as piece \
             semi join rejoined on piece.entry_ns = rejoined.entry_ns and piece.entry_key = rejoined.entry_key \
             where piece.entry_ns between {from_ns} and {to_ns} and piece.source_id is not null \
             union all select event_id from gone_pieces \
         ) as touched \
         semi join (select event_id from trace_events where lines is not null) as event \
             on touched.event_id = event.event_id"
    ))?)
}

fn replace(connection: &Connection, growth: &Growth, span: Span, events: &[Event]) -> Result<()> {
    if span.from_ns == ALL_TIME.from_ns {
        lay_doomed(connection, span)?;
    }
    let Span { from_ns, to_ns } = span;
    let sure = Span { from_ns: from_ns + COPY_NS, to_ns: to_ns - COPY_NS };
    let is_copy = format!("source_id is null and entry_ns between {from_ns} and {to_ns}");
    let is_sure = format!("entry_ns between {} and {}", sure.from_ns, sure.to_ns);
    connection.execute_batch(&format!(
        "create or replace temp table copies_kept as from trace_pieces where {is_copy} and not {is_sure}; \
         create or replace temp table pieces_before as \
         from trace_pieces where event_id in (from doomed) or ({is_copy} and {is_sure}); \
         create or replace temp table events_before as from trace_events where event_id in (from doomed); \
         delete from trace_pieces where event_id in (from doomed) or ({is_copy}); \
         delete from trace_events where event_id in (from doomed)"
    ))?;
    write(connection, events)?;
    join_copies(connection, span, sure)?;
    connection.execute_batch(&format!(
        "insert into trace_pieces select kept.* from copies_kept as kept \
             where kept.event_id in (select event_id from trace_events); \
         create or replace temp table pieces_now as from trace_pieces \
         where event_id in (select event_id from trace_pieces \
                 where source_id is not null and (entry_ns, entry_key) in (from rejoined)) \
             or ({is_copy} and {is_sure}); \
         create or replace temp table events_touched as \
         select event_id from pieces_before union select event_id from pieces_now"
    ))?;
    count_pieces(connection, "events_touched")?;
    growth.touch(connection, CHANGED_TIMES)?;
    growth.touch(
        connection,
        "select entry_ns as time_ns from pieces_now where event_id in ( \
             select event_id from ( \
                 select * exclude (piece_count) from trace_events where event_id in (select event_id from pieces_now) \
                 except select * exclude (piece_count) from events_before \
             ) as changed \
         )",
    )?;
    Ok(connection.execute_batch(
        "drop table rejoined; drop table gone_pieces; drop table doomed; drop table copies_kept; drop table pieces_before; \
         drop table events_before; drop table pieces_now; drop table events_touched",
    )?)
}
