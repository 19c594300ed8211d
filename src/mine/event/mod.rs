//! One statement written in several entries: a stream is cut at every line break, so a printed object, a table or a
//! query is as many entries as it has lines. Here messages that came right after one another are put together.
//!
//! A pure function of messages and times. What closes what is found in one pass, so that a bracket that nobody closes
//! costs nothing and joins nothing.

mod brackets;
mod empty_head;
mod inside;
mod limits;
mod lines;
mod postgres;

use self::{limits::Limits, lines::Lines};

pub use inside::head;
pub use limits::PAUSE_NS;

/// Messages that are one statement, by their places among those given.
#[derive(Debug, PartialEq, Eq)]
pub struct Statement {
    pub first: usize,
    pub last: usize,
    /// What it is known by: its head line, with the message found inside.
    pub head: String,
}

/// Whether a shape can be the head or the end of a statement of several lines: cheap, and mostly not.
pub fn may_be_piece(shape: &str) -> bool {
    let text = shape.trim();
    text.ends_with(['{', '[', '(', ':'])
        || text.starts_with(['}', ']', ')', '|', '│', '║'])
        || lines::is_ruler(text)
        || lines::has_open_quote(text)
        || lines::is_head_alone(text)
        || empty_head::may_be(text)
        || postgres::may_go_on(text)
}

/// The statements of several lines among messages of one stream, in their order. `begins` knows of messages that begin one
/// however they look.
pub fn join(messages: &[&str], times_ns: &[i64], begins: impl Fn(usize) -> bool) -> Vec<Statement> {
    let lines = Lines::read(messages, times_ns, begins);
    let limits = Limits::of(messages, times_ns);
    let (mut found, mut first) = (Vec::new(), 0);
    while first < messages.len() {
        let last = end_of(&lines, &limits, first);
        if last > first {
            let head = head(&messages[first..=last]);
            found.push(Statement { first, last, head });
        }
        first = last + 1;
    }
    found
}

/// The last line of the statement that begins here, itself if there is no other.
fn end_of(lines: &Lines<'_>, limits: &Limits<'_>, first: usize) -> usize {
    if lines.is_blank(first) {
        return first;
    }
    let closes_within = |at: usize| lines.closed_at(at).filter(|&close| limits.hold(first, close));
    let (mut last, mut until) = (first, closes_within(first).unwrap_or(first));
    for at in first + 1..lines.len() {
        if !limits.hold(first, at) || limits.is_pause(at) {
            break;
        }
        if at > until && !lines.goes_on(first, at) {
            break;
        }
        if !lines.is_blank(at) {
            last = at;
        }
        until = until.max(closes_within(at).filter(|_| lines.reopens(at)).unwrap_or(at));
    }
    last
}

#[cfg(test)]
mod tests;
