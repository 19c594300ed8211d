//! The issues that are there, as `gh issue list --json` tells them.

use std::io::Read;

use anyhow::{Context, Result, bail};
use jiff::Timestamp;
use serde_json::Value;

use super::marker::Marker;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issue {
    pub number: u64,
    pub title: String,
    pub body: String,
    pub url: String,
    pub labels: Vec<String>,
    pub is_open: bool,
    /// Closed as something that nobody means to do.
    pub is_declined: bool,
    pub closed_ns: Option<i64>,
    pub author: Option<Author>,
    pub marker: Option<Marker>,
    /// A marker that is not believed.
    pub forged: Option<Marker>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Author {
    pub login: String,
    /// Apps are installed by the repository's people; nobody else writes as one.
    pub is_app: bool,
}

/// Whom GitHub shows for accounts that are gone.
pub(super) const GONE: &str = "ghost";

impl Author {
    /// Of an issue or a comment. Issues name apps `app/NAME`, comments `NAME`.
    pub fn of(row: &Value) -> Option<Author> {
        // of an account that is gone only that is known
        let name = row["author"].as_object()?.get("login").and_then(Value::as_str).filter(|name| !name.is_empty());
        let name = name.unwrap_or(GONE);
        let login = name.strip_prefix("app/").or(name.strip_suffix("[bot]")).unwrap_or(name);
        let is_app = row["author"]["is_bot"].as_bool().unwrap_or(false) || login.len() < name.len();
        Some(Author { login: login.to_lowercase(), is_app })
    }
}

/// Issues as `gh` listed them, from a file or a pipe; `name` is what errors call it.
pub(super) fn read(mut source: impl Read, name: &str) -> Result<Vec<Issue>> {
    let mut text = String::new();
    source.read_to_string(&mut text).with_context(|| format!("cannot read {name}"))?;
    // an empty list is one, but nothing at all is what a command that failed leaves
    parse(&text).with_context(|| {
        format!(
            "{name} is not a list of issues\n\nhint: `gh issue list --state all --limit 1000 \
             --json number,title,body,labels,state,url,closedAt,stateReason,author` prints one"
        )
    })
}

pub(super) fn parse(text: &str) -> Result<Vec<Issue>> {
    let list: Value = serde_json::from_str(text.trim_start_matches('\u{FEFF}'))?;
    let Some(list) = list.as_array() else { bail!("not a JSON array") };
    list.iter().enumerate().map(|(at, row)| issue(row).with_context(|| format!("item {}", at + 1))).collect()
}

fn issue(row: &Value) -> Result<Issue> {
    let text = |key: &str| row[key].as_str().unwrap_or_default().to_owned();
    let label = |label: &Value| label.as_str().or(label["name"].as_str()).map(str::to_owned);
    let body = text("body");
    let (state, reason) = (text("state"), text("stateReason"));
    let closed = row["closedAt"].as_str().and_then(|text| text.parse::<Timestamp>().ok());
    Ok(Issue {
        number: row["number"].as_u64().context("no `number`")?,
        title: row["title"].as_str().context("no `title`")?.to_owned(),
        author: Author::of(row),
        marker: Marker::last_in(&body),
        forged: None,
        body,
        url: text("url"),
        labels: row["labels"].as_array().into_iter().flatten().filter_map(label).collect(),
        is_open: state.eq_ignore_ascii_case("open"),
        is_declined: reason.eq_ignore_ascii_case("not_planned") || reason.eq_ignore_ascii_case("duplicate"),
        closed_ns: closed.and_then(|at| i64::try_from(at.as_nanosecond()).ok()),
    })
}
