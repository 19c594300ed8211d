//! What is compared with what: words for a side to services, revisions and times.

use anyhow::{Result, bail};
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::services::is_called;
use crate::{
    sql::{
        connection::Connection,
        row::{row, rows_as},
    },
    text::words,
    time::period,
};

/// One side for one service; without a revision it is all that were seen in its time.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Side {
    #[serde(skip)]
    pub service: String,
    pub label: String,
    pub revision: Option<String>,
    pub from_ns: i64,
    pub to_ns: i64,
}

/// What is compared with what, of one service.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Pair {
    pub pair_id: usize,
    pub service: String,
    pub base: Side,
    pub target: Side,
}

row! {
    /// A revision that a word means.
    RevisionWordRow of "compare/revision_words" {
        service: String,
        revision: String,
        from_ns: i64,
        to_ns: i64,
    }
}

row! {
    /// A file that a part of a name means, with the time it covers.
    FileWordRow of "compare/file_words" {
        service: String,
        file: String,
        from_ns: i64,
        to_ns: i64,
    }
}

row! {
    KnownRevisionRow of "compare/known_revisions" {
        service: String,
        revision: String,
        first_ns: i64,
    }
}

row! {
    KnownServiceRow of "compare/known_services" {
        service: String,
    }
}

/// The pairs to compare, one a service.
pub struct Pairs {
    pub rows: Vec<Pair>,
    /// Services that have only one of the sides.
    pub left_out: Vec<String>,
}

impl Pairs {
    /// What the queries bind: JSON.
    pub fn parameter(&self) -> String {
        let rows = self.rows.iter().map(|Pair { pair_id, service, base, target }| {
            json!({
                "pair_id": pair_id, "service": service,
                "base_revision": base.revision, "base_from_ns": base.from_ns, "base_to_ns": base.to_ns,
                "target_revision": target.revision, "target_from_ns": target.from_ns, "target_to_ns": target.to_ns,
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
    let rows: Vec<Pair> = bases
        .iter()
        .filter_map(|base| Some((base, targets.iter().find(|target| target.service == base.service)?)))
        .enumerate()
        .map(|(pair_id, (base, target))| Pair {
            pair_id,
            service: base.service.clone(),
            base: base.clone(),
            target: target.clone(),
        })
        .collect();
    if rows.is_empty() {
        let services = |sides: &[Side]| sides.iter().map(|side| side.service.clone()).collect::<Vec<_>>().join(", ");
        bail!("no service has both sides: `{base}` is of {}, `{target}` of {}", services(&bases), services(&targets));
    }
    let has_one = |side: &&Side| !rows.iter().any(|row| row.service == side.service);
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
        found.retain(|side| is_called(&side.service, service));
        if found.is_empty() && word == "previous" && revisions_of(connection, service)? == 1 {
            bail!("`{service}` has only one revision, so there is no `previous` revision");
        }
        if found.is_empty() {
            bail!("`{word}` has no entries of the service `{service}`{}", words::hint(service, &distinct(others)));
        }
    }
    for side in &found {
        let alike: Vec<&str> =
            found.iter().filter(|other| other.service == side.service).map(|other| other.label.as_str()).collect();
        if alike.len() > 1 {
            bail!("`{word}` matches {}\n\nhint: write more of the name", alike.join(", "));
        }
    }
    Ok(found)
}

/// How many revisions of the service are known.
fn revisions_of(connection: &Connection, service: &str) -> Result<usize> {
    let known = rows_as::<KnownRevisionRow>(connection, &[])?;
    Ok(known.iter().filter(|row| is_called(&row.service, service)).count())
}

fn in_time(connection: &Connection, word: &str, from_ns: i64, to_ns: i64) -> Result<Vec<Side>> {
    let parameters = [("from_ns", from_ns.into()), ("to_ns", to_ns.into())];
    let rows = rows_as::<KnownServiceRow>(connection, &parameters)?;
    if rows.is_empty() {
        bail!("no entries in `{word}`");
    }
    let side = |service| Side { service, label: word.to_owned(), revision: None, from_ns, to_ns };
    Ok(rows.into_iter().map(|row| side(row.service)).collect())
}

fn by_name(connection: &Connection, word: &str, other: &str) -> Result<Vec<Side>> {
    let bind = |name: &'static str, text: &str| (name, text.to_owned().into());
    let revisions = rows_as::<RevisionWordRow>(connection, &[bind("word", word), bind("other", other)])?;
    let mut sides: Vec<Side> = revisions
        .into_iter()
        .map(|RevisionWordRow { service, revision, from_ns, to_ns, .. }| Side {
            service,
            label: revision.clone(),
            revision: Some(revision),
            from_ns,
            to_ns,
        })
        .collect();
    if sides.is_empty() {
        let files = rows_as::<FileWordRow>(connection, &[bind("word", word)])?.into_iter();
        sides = files
            .map(|FileWordRow { service, file, from_ns, to_ns, .. }| Side {
                service,
                label: file,
                revision: None,
                from_ns,
                to_ns,
            })
            .collect();
    }
    if sides.is_empty() {
        let known = rows_as::<KnownRevisionRow>(connection, &[])?;
        let all: Vec<String> = known.into_iter().map(|row| row.revision).collect();
        let near = words::nearest(word, all.iter().map(String::as_str))
            .map(|name| format!("did you mean `{name}`? "))
            .unwrap_or_default();
        let names = &all[..all.len().min(12)];
        bail!(
            "no revision or file is called `{word}`\n\nhint: {near}a side is a revision or a part of its name (the latest: {}), \
             `latest`, `previous`, a day `2025-09-14`, a time `2025-09-14T10:00..2025-09-14T12:00`, or a part of a \
             file's name",
            if names.is_empty() { "none".into() } else { names.join(", ") }
        );
    }
    Ok(sides)
}

fn distinct(mut names: Vec<String>) -> Vec<String> {
    names.sort();
    names.dedup();
    names
}
