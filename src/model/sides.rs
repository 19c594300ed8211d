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

row! {
    /// Where a service logs from.
    ServicePlaceRow of "compare/service_places" {
        service: String,
        location: String,
        project: String,
    }
}

/// Which services are compared: each by itself, so that no region is compared with another.
#[derive(Debug, Clone, Copy, Default)]
pub struct Wanted<'a> {
    pub service: Option<&'a str>,
    /// A region means its zones, too.
    pub location: Option<&'a str>,
    pub project: Option<&'a str>,
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
pub fn pairs(connection: &Connection, base: &str, target: &str, wanted: Wanted<'_>, zone: &TimeZone) -> Result<Pairs> {
    let (bases, targets) = match (period::days_before(base)?, period::days_before(target)?) {
        (Some(_), Some(_)) => {
            bail!("`{base}` and `{target}` are both days before the other side, which has to be a time")
        }
        (Some(before_ns), None) => {
            let targets = sides(connection, target, base, wanted, zone)?;
            (shifted(connection, base, before_ns, &targets)?, targets)
        }
        (None, Some(before_ns)) => {
            let bases = sides(connection, base, target, wanted, zone)?;
            let targets = shifted(connection, target, before_ns, &bases)?;
            (bases, targets)
        }
        (None, None) => {
            (sides(connection, base, target, wanted, zone)?, sides(connection, target, base, wanted, zone)?)
        }
    };
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
fn sides(connection: &Connection, word: &str, other: &str, wanted: Wanted<'_>, zone: &TimeZone) -> Result<Vec<Side>> {
    let mut found = match period::span_of(word, zone)? {
        Some((from_ns, to_ns)) => in_time(connection, word, from_ns, to_ns)?,
        None => by_name(connection, word, other)?,
    };
    if let Some(services) = placed_services(connection, wanted)? {
        found.retain(|side| services.contains(&side.service));
        if found.is_empty() {
            bail!("`{word}` has no entries of {}", services.join(", "));
        }
    }
    if let Some(service) = wanted.service {
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

/// The services that log from the place that is asked for, if one is.
fn placed_services(connection: &Connection, wanted: Wanted<'_>) -> Result<Option<Vec<String>>> {
    if wanted.location.is_none() && wanted.project.is_none() {
        return Ok(None);
    }
    let rows = rows_as::<ServicePlaceRow>(connection, &[])?;
    let is_in = |row: &&ServicePlaceRow| {
        wanted.location.is_none_or(|location| is_within(&row.location, location))
            && wanted.project.is_none_or(|project| row.project == project)
    };
    let found = distinct(rows.iter().filter(is_in).map(|row| row.service.clone()).collect());
    if !found.is_empty() {
        return Ok(Some(found));
    }
    let known = |place: fn(&ServicePlaceRow) -> &String| {
        distinct(rows.iter().map(|row| place(row).clone()).filter(|name| !name.is_empty()).collect())
    };
    let (locations, projects) = (known(|row| &row.location), known(|row| &row.project));
    match (wanted.location, wanted.project) {
        (Some(location), _) if !locations.iter().any(|known| is_within(known, location)) => {
            bail!("no service logs from `{location}`{}", words::hint(location, &locations))
        }
        (_, Some(project)) if !projects.iter().any(|known| known == project) => {
            bail!("no service logs in the project `{project}`{}", words::hint(project, &projects))
        }
        (location, project) => {
            bail!("no service of the project `{}` logs from `{}`", project.unwrap_or("?"), location.unwrap_or("?"))
        }
    }
}

/// A zone lies within its region.
fn is_within(location: &str, region: &str) -> bool {
    location.strip_prefix(region).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
}

/// The same hours of an earlier day, of each service whose sides are given.
fn shifted(connection: &Connection, word: &str, before_ns: i64, sides: &[Side]) -> Result<Vec<Side>> {
    let mut found = Vec::new();
    for side in sides {
        if side.to_ns - side.from_ns > before_ns {
            bail!(
                "`{word}` overlaps with `{}`, which takes longer\n\nhint: name a time span, as in \
                 `gardener compare -1d 2025-09-14T10:00..2025-09-14T12:00`",
                side.label
            );
        }
        let (from_ns, to_ns) = (side.from_ns - before_ns, side.to_ns - before_ns);
        let parameters = [("from_ns", from_ns.into()), ("to_ns", to_ns.into())];
        if rows_as::<KnownServiceRow>(connection, &parameters)?.iter().any(|row| row.service == side.service) {
            found.push(Side { service: side.service.clone(), label: word.to_owned(), revision: None, from_ns, to_ns });
        }
    }
    if found.is_empty() {
        bail!("no entries in `{word}`, the same hours of an earlier day");
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
             `latest`, `previous`, a day `2025-09-14`, a time `2025-09-14T10:00..2025-09-14T12:00`, `-1d` (the other side's hours one day before), or a part of a \
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
