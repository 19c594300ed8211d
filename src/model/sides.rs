//! What is compared with what: words for a side to services, revisions and times.

use anyhow::{Result, bail};

use jiff::tz::TimeZone;
use serde_json::{Value, json};

use crate::{
    sql::{
        connection::Connection,
        file::{SqlFile, sql},
        query,
    },
    text::words,
    time::period,
};

const REVISION_WORDS: SqlFile = sql!("compare/revision_words");
const FILE_WORDS: SqlFile = sql!("compare/file_words");
const KNOWN_REVISIONS: SqlFile = sql!("compare/known_revisions");
const KNOWN_SERVICES: SqlFile = sql!("compare/known_services");

/// One side for one service; without a revision it is all that were seen in its time.
#[derive(Debug, Clone)]
struct Side {
    service: String,
    label: String,
    revision: Option<String>,
    from_ns: i64,
    to_ns: i64,
}

impl Side {
    fn of_row(row: &Value, label: &str) -> Side {
        let text = |key: &str| row[key].as_str().map(str::to_owned);
        let number = |key: &str| row[key].as_i64().unwrap_or_default();
        let revision = text("revision");
        Side {
            service: text("service").unwrap_or_default(),
            label: revision.clone().or_else(|| text("file")).unwrap_or_else(|| label.to_owned()),
            revision,
            from_ns: number("from_ns"),
            to_ns: number("to_ns"),
        }
    }

    fn json(&self) -> Value {
        json!({"label": self.label, "revision": self.revision, "from_ns": self.from_ns, "to_ns": self.to_ns})
    }
}

/// The pairs to compare, one a service, as JSON for SQL and for the document.
pub struct Pairs {
    pub rows: Vec<Value>,
    /// Services that have only one of the sides.
    pub left_out: Vec<String>,
}

impl Pairs {
    /// What the queries bind.
    pub fn parameter(&self) -> String {
        let rows = self.rows.iter().map(|row| {
            json!({
                "pair_id": row["pair_id"], "service": row["service"],
                "base_revision": row["base"]["revision"], "base_from_ns": row["base"]["from_ns"],
                "base_to_ns": row["base"]["to_ns"], "target_revision": row["target"]["revision"],
                "target_from_ns": row["target"]["from_ns"], "target_to_ns": row["target"]["to_ns"],
            })
        });
        Value::from_iter(rows).to_string()
    }
}

/// Both words understood, and their sides put together service by service.
pub fn pairs(
    connection: &Connection,
    base: &str,
    target: &str,
    service: Option<&str>,
    zone: &TimeZone,
) -> Result<Pairs> {
    let bases = sides(connection, base, target, service, zone)?;
    let targets = sides(connection, target, base, service, zone)?;
    if base == target {
        bail!("both sides are `{base}`\n\nhint: `gardener compare previous latest` compares the last two revisions");
    }
    let rows: Vec<Value> = bases
        .iter()
        .filter_map(|base| Some((base, targets.iter().find(|target| target.service == base.service)?)))
        .enumerate()
        .map(|(id, (base, target))| {
            json!({"pair_id": id, "service": base.service, "base": base.json(), "target": target.json()})
        })
        .collect();
    if rows.is_empty() {
        let services = |sides: &[Side]| sides.iter().map(|side| side.service.clone()).collect::<Vec<_>>().join(", ");
        bail!("no service has both sides: `{base}` is of {}, `{target}` of {}", services(&bases), services(&targets));
    }
    let has_one = |side: &&Side| !rows.iter().any(|row| row["service"] == side.service);
    let left_out = bases.iter().chain(&targets).filter(has_one).map(|side| side.service.clone()).collect();
    Ok(Pairs { rows, left_out: distinct(left_out) })
}

/// The sides that a word means, one a service.
fn sides(
    connection: &Connection,
    word: &str,
    other: &str,
    service: Option<&str>,
    zone: &TimeZone,
) -> Result<Vec<Side>> {
    let mut found = match period::span_of(word, zone)? {
        Some((from_ns, to_ns)) => in_time(connection, word, from_ns, to_ns)?,
        None => by_name(connection, word, other)?,
    };
    if let Some(service) = service {
        let others: Vec<String> = found.iter().map(|side| side.service.clone()).collect();
        found.retain(|side| side.service == service);
        if found.is_empty() && word == "previous" && revisions_of(connection, service)? == 1 {
            bail!("`{service}` has one revision only, so there is no `previous` to compare with");
        }
        if found.is_empty() {
            bail!("`{word}` has nothing of a service `{service}`{}", words::hint(service, &distinct(others)));
        }
    }
    for side in &found {
        let alike: Vec<&str> =
            found.iter().filter(|other| other.service == side.service).map(|other| other.label.as_str()).collect();
        if alike.len() > 1 {
            bail!("`{word}` may mean {}\n\nhint: write more of its name", alike.join(", "));
        }
    }
    Ok(found)
}

/// How many revisions of the service are known.
fn revisions_of(connection: &Connection, service: &str) -> Result<usize> {
    let known = query::rows(connection, &KNOWN_REVISIONS, &[])?;
    Ok(known.iter().filter(|row| row["service"] == service).count())
}

fn in_time(connection: &Connection, word: &str, from_ns: i64, to_ns: i64) -> Result<Vec<Side>> {
    let parameters = [("from_ns", from_ns.into()), ("to_ns", to_ns.into())];
    let rows = query::rows(connection, &KNOWN_SERVICES, &parameters)?;
    if rows.is_empty() {
        bail!("no entries in `{word}`");
    }
    Ok(rows.iter().map(|row| Side { from_ns, to_ns, ..Side::of_row(row, word) }).collect())
}

fn by_name(connection: &Connection, word: &str, other: &str) -> Result<Vec<Side>> {
    let bind = |name: &'static str, text: &str| (name, text.to_owned().into());
    let mut rows = query::rows(connection, &REVISION_WORDS, &[bind("word", word), bind("other", other)])?;
    if rows.is_empty() {
        rows = query::rows(connection, &FILE_WORDS, &[bind("word", word)])?;
    }
    if rows.is_empty() {
        let known = query::rows(connection, &KNOWN_REVISIONS, &[])?;
        let all: Vec<String> = known.iter().filter_map(|row| row["revision"].as_str()).map(str::to_owned).collect();
        let near = words::nearest(word, all.iter().map(String::as_str))
            .map(|name| format!("did you mean `{name}`? "))
            .unwrap_or_default();
        let names = &all[..all.len().min(12)];
        bail!(
            "no revision or file is called `{word}`\n\nhint: {near}a side is a revision or a part of its name (of late: {}), \
             `latest`, `previous`, a day `2025-09-14`, a time `2025-09-14T10:00..2025-09-14T12:00`, or a part of a \
             file's name",
            if names.is_empty() { "none".into() } else { names.join(", ") }
        );
    }
    Ok(rows.iter().map(|row| Side::of_row(row, word)).collect())
}

fn distinct(mut names: Vec<String>) -> Vec<String> {
    names.sort();
    names.dedup();
    names
}
