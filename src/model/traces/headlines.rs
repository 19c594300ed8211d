//! A logger that is given an exception writes its own line first, and the trace below it: one failure, one event.

use super::{Found, Piece, rank};
use crate::{
    ingest::level,
    mine::{
        event::{PAUSE_NS, Statement},
        shape_of_line,
        trace::{Trace, parse, pieces},
    },
};

/// A shorter text may stand in any other.
const RETOLD_BYTES: usize = 24;

/// Lets each trace begin with the lines above that belong to it.
pub(super) fn join(run: &[Piece], traces: &mut [Found], statements: &[Statement]) {
    let mut free_from = 0;
    for found in traces {
        let trace_from = found.first;
        if is_bare(run, found) {
            if let Some(head) = above(run, found.first, free_from, statements) {
                found.first = head;
            }
            // the same told once before, by another logger
            if found.first < trace_from
                && let Some(head) = above(run, found.first, free_from, &[])
                && found.trace.as_ref().is_some_and(|trace| is_retold(&run[head].message, trace))
            {
                found.first = head;
            }
        }
        free_from = found.last + 1;
    }
}

/// Whether the trace begins with no head of its own: no time, level or words for what nobody caught.
fn is_bare(run: &[Piece], found: &Found) -> bool {
    let first = &run[found.first];
    let text = first.message.trim_start();
    let is_declared = matches!(first.level_source.as_deref(), Some("payload" | "text"));
    let is_line = found.first < found.last;
    let is_traceback = text.starts_with("Traceback (most recent call last)");
    (is_line || !first.is_graded) && !is_declared && (is_traceback || !level::begins_statement(text, false))
}

/// The first line of what a logger wrote as a failure right above.
fn above(run: &[Piece], at: usize, free_from: usize, statements: &[Statement]) -> Option<usize> {
    let last = (free_from..at).rev().find(|&before| !run[before].message.trim().is_empty())?;
    let is_pause = run[at].entry_ns - run[last].entry_ns > PAUSE_NS;
    let head = statements.iter().rev().find(|it| (it.first..=it.last).contains(&last)).map_or(last, |it| it.first);
    let is_of_failure = head >= free_from && is_failure(&run[head]);
    (!is_pause && is_of_failure && parse(&run[head].message).is_none()).then_some(head)
}

/// Whether its writer says that it is an ERROR, or above. What only names an exception is a failure of its own.
fn is_failure(piece: &Piece) -> bool {
    let is_worded = piece.level_source.as_deref() == Some("wording") && !pieces::names_exception(&piece.message);
    let is_said = piece.is_graded || matches!(piece.level_source.as_deref(), Some("payload" | "text" | "content"));
    let is_said = is_said || is_worded;
    is_said && rank(&piece.effective_severity) >= rank("ERROR")
}

/// Whether an exception of the trace says the same, values aside.
fn is_retold(message: &str, trace: &Trace) -> bool {
    let said = shape_of_line(level::statement(message));
    let is_said = |message: &str| shape_of_line(message.lines().next().unwrap_or_default()).contains(&said);
    said.len() >= RETOLD_BYTES && trace.exceptions.iter().any(|exception| is_said(&exception.message))
}
