//! The window's environment, fact by fact.

use serde::Serialize;

use super::{view::Viewed, window::EnvironmentRow};
use crate::{
    report::sentence::{Sentence, code, joined, n, sentence},
    text::{
        escape::one_line,
        words::{plural, thousands},
    },
};

/// One fact of the environment: the only value, or the commonest of several.
#[derive(Debug, Serialize)]
pub(super) struct Fact<'a> {
    pub label: &'a str,
    pub value: Option<&'a str>,
    /// How many entries have it, where not all do.
    pub share: Option<Sentence>,
    pub values: Option<Sentence>,
    /// Worth a line in a Markdown worklog: half of the entries have it, and it is not the instances, which are counted.
    pub is_common: bool,
}

/// The rows by their facts, in the facts' order.
pub(super) fn facts(rows: &[EnvironmentRow]) -> Vec<Fact<'_>> {
    let mut groups: Vec<&[EnvironmentRow]> = rows.chunk_by(|one, other| one.fact == other.fact).collect();
    groups.sort_by_key(|rows| rows[0].fact.to_lowercase());
    groups.into_iter().map(fact).collect()
}

fn fact(rows: &[EnvironmentRow]) -> Fact<'_> {
    let first = &rows[0];
    let label = first.fact.strip_prefix("label ").unwrap_or(&first.fact);
    let is_common = first.entry_count * 2 >= first.window_count;
    if first.value_kinds > 1 {
        let is_common = first.fact != "instance";
        return Fact { label, value: None, share: None, values: Some(several(first, rows)), is_common };
    }
    let share = (first.entry_count != first.window_count).then(|| {
        let all = plural(first.window_count, "entry");
        sentence![" (", n(thousands(first.entry_count), "environment"), format!(" of {all})")]
    });
    Fact { label, value: Some(first.value.as_str()), share, values: None, is_common }
}

fn several(first: &EnvironmentRow, rows: &[EnvironmentRow]) -> Sentence {
    let value = |row: &EnvironmentRow| {
        let shown = if row.fact == "instance" { format!("…{}", end_of(&row.value)) } else { row.value.clone() };
        sentence![code(&one_line(&shown, 60)), format!(" ({})", thousands(row.entry_count))]
    };
    sentence![n(plural(first.value_kinds, "value"), "environment"), ": "]
        .and([joined(rows.iter().take(3).map(value), ", ")])
}

/// The last six characters of an id, by which people tell instances apart.
pub(super) fn end_of(id: &str) -> &str {
    let at = id.char_indices().rev().nth(5).map_or(0, |(at, _)| at);
    &id[at..]
}

/// What starts come to.
#[derive(Debug, Clone, Serialize)]
pub struct StartsParts {
    pub words: Sentence,
}

impl Viewed for super::window::StartsRow {
    type Parts = StartsParts;

    fn parts(&self) -> StartsParts {
        let announced = (self.announced_count > 0)
            .then(|| sentence![format!("; {} announced by the platform", plural(self.announced_count, "start"))]);
        if self.instance_count == 0 {
            return StartsParts { words: sentence!["not known: no entry names one"] };
        }
        let first_seen = match self.first_seen_count {
            all if all == self.instance_count => "all first seen in it".to_owned(),
            0 => "all seen before".to_owned(),
            some => format!("{some} of them first seen in it"),
        };
        let words = sentence![n(self.instance_count, "starts_rows"), format!(" in the window, {first_seen}")];
        StartsParts { words: words.and(announced) }
    }
}
