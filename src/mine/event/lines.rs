//! What each line is to those around it.

use super::{brackets, empty_head::EmptyHead, limits::PAUSE_NS, postgres};
use crate::{ingest::level, mine::trace::pieces};

struct Line<'t> {
    text: &'t str,
    indent: usize,
    is_ruler: bool,
    /// A time stamp, a level, a trace's head or another place of the program: nothing before it goes on.
    is_new: bool,
    /// Written by another place of the program than the line before.
    is_other_call: bool,
    /// It has a level and says nothing: what it has to say stands in the lines below.
    empty_head: Option<EmptyHead<'t>>,
}

pub(super) struct Lines<'t> {
    lines: Vec<Line<'t>>,
    /// Where what a line opens is closed.
    closes: Vec<Option<usize>>,
}

impl<'t> Lines<'t> {
    pub(super) fn read(messages: &[&'t str], times_ns: &[i64], begins: impl Fn(usize) -> bool) -> Self {
        let lines = messages.iter().enumerate().map(|(at, message)| line(message, begins(at)));
        let lines: Vec<Line<'t>> = lines.collect();
        let closes = find_closes(&lines, times_ns);
        Self { lines, closes }
    }

    pub(super) fn len(&self) -> usize {
        self.lines.len()
    }

    pub(super) fn is_blank(&self, at: usize) -> bool {
        self.lines[at].text.is_empty()
    }

    pub(super) fn closed_at(&self, at: usize) -> Option<usize> {
        self.closes[at]
    }

    /// Whether what this line opens belongs to the statement that it is in: not a ruler that only ended it.
    pub(super) fn reopens(&self, at: usize) -> bool {
        !self.lines[at].is_ruler || self.lines.get(at + 1).is_some_and(|next| is_row(next.text))
    }

    /// Whether a line goes on with the statement of the first, by itself.
    pub(super) fn goes_on(&self, first: usize, at: usize) -> bool {
        let (head, line) = (&self.lines[first], &self.lines[at]);
        if let Some(empty) = &head.empty_head {
            return line.text.is_empty() || !line.is_other_call && empty.is_said_in(line.text, line.indent > 0);
        }
        if line.text.is_empty() {
            return self.lines.get(at + 1).is_some_and(|next| next.indent > head.indent && !next.is_new);
        }
        if let Some(part) = postgres::part(line.text)
            && part.goes_on
        {
            return postgres::part(head.text).is_some_and(|of| !of.goes_on && of.process == part.process);
        }
        !line.is_new && (line.indent > head.indent && !head.is_ruler || self.is_query(first, at))
    }

    /// Whether a line is of the query that stands below a heading.
    fn is_query(&self, first: usize, at: usize) -> bool {
        const FIRST: &str = "select insert update delete with create alter drop merge replace";
        const NEXT: &str = "from where and or group order inner left right full cross join on limit offset values set \
            returning having union into when then else end using";
        let word = self.lines[at].text.split(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or_default();
        let is_among = |list: &str| list.split(' ').any(|known| known.eq_ignore_ascii_case(word));
        let is_ended = self.lines[at - 1].text.ends_with(';');
        self.lines[first].text.ends_with(':')
            && !word.is_empty()
            && if at == first + 1 { is_among(FIRST) } else { is_among(NEXT) && !is_ended }
    }
}

fn line(message: &str, begins: bool) -> Line<'_> {
    let indent = message.chars().map_while(|c| match c {
        ' ' => Some(1),
        '\t' => Some(4),
        _ => None,
    });
    let indent = indent.sum();
    let text = message.trim();
    let is_new = begins || level::begins_statement(text, indent > 0) || indent == 0 && pieces::is_header(text);
    let empty_head = EmptyHead::of(text);
    Line { text, indent, is_ruler: is_ruler(text), is_new, is_other_call: begins, empty_head }
}

/// One pass over all lines: each that opens something waits for the line that closes it.
fn find_closes(lines: &[Line<'_>], times_ns: &[i64]) -> Vec<Option<usize>> {
    let mut closes = vec![None; lines.len()];
    let mut waiting: Vec<usize> = Vec::new();
    let (mut quote, mut ruler): (Option<usize>, Option<usize>) = (None, None);
    for (at, line) in lines.iter().enumerate() {
        if line.is_new || at > 0 && times_ns[at] - times_ns[at - 1] > PAUSE_NS {
            waiting.clear();
            (quote, ruler) = (None, None);
        }
        let brackets = brackets::read(line.text);
        let may_close = |open: usize| line.indent > lines[open].indent || line.text.starts_with(['}', ']', ')']);
        for _ in 0..brackets.closed {
            let Some(open) = waiting.pop_if(|open| may_close(*open)) else { break };
            // the same line may wait for one more
            if waiting.last() != Some(&open) {
                closes[open] = Some(at);
            }
        }
        if brackets.opened > 0 && (brackets.is_at_edge || !waiting.is_empty()) {
            waiting.extend(std::iter::repeat_n(at, brackets.opened));
        }
        if quote.is_some() && closes_quote(line.text) {
            if let Some(open) = quote.take() {
                closes[open] = closes[open].max(Some(at));
            }
        } else if has_open_quote(line.text) {
            quote = Some(at);
        }
        if line.is_ruler
            && let Some(open) = ruler.replace(at).filter(|open| at > open + 1)
        {
            closes[open] = Some(at);
        }
    }
    closes
}

/// Signs only, four and more.
pub(super) fn is_ruler(text: &str) -> bool {
    const SIGNS: &str = "-=*#+~_─━═┌┐└┘├┤┬┴┼╔╗╚╝╠╣╦╩╬╭╮╰╯";
    text.chars().count() >= 4
        && text.chars().all(|c| SIGNS.contains(c) || c == ' ' || c == '|')
        && text.chars().filter(|&c| c != ' ' && c != '|').count() >= 4
}

/// A row of a table.
fn is_row(text: &str) -> bool {
    text.starts_with(['|', '│', '║'])
}

/// A head that says nothing by itself: `fail: Shop.Till[0]`, as .NET writes it above the message.
pub(super) fn is_head_alone(text: &str) -> bool {
    let Some((word, category)) = text.split_once(": ") else { return false };
    matches!(word, "trce" | "dbug" | "info" | "warn" | "fail" | "crit")
        && category.ends_with(']')
        && !category.contains(' ')
}

/// Whether a text in quotes begins and does not end: a quote behind a sign or a blank, without another.
pub(super) fn has_open_quote(text: &str) -> bool {
    let Some(at) = odd_quote(text) else { return false };
    let is_opened = text[..at].chars().next_back().is_none_or(|c| matches!(c, ' ' | '=' | ':' | '(' | '[' | '{' | ','));
    is_opened && text[at + 1..].starts_with(|c: char| !c.is_whitespace())
}

fn closes_quote(text: &str) -> bool {
    odd_quote(text).is_some_and(|at| {
        let behind = &text[at + 1..];
        behind.is_empty() || behind.starts_with(['.', ',', ';', ')', ']', '}', ' '])
    })
}

/// Where the last of an odd number of quotes stands.
fn odd_quote(text: &str) -> Option<usize> {
    let mut places = text.match_indices('"').filter(|(at, _)| !text[..*at].ends_with('\\'));
    let last = places.next_back()?.0;
    (places.count() % 2 == 0).then_some(last)
}
