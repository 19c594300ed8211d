//! Puts documents together: each section is the rows of one query, in the query's order, dealt out by window.

use anyhow::Result;

use rustc_hash::FxHashMap;
use serde_json::{Map, Value, json};
use xxhash_rust::xxh3::xxh3_64;

use super::sample_entry;
use crate::{
    config::Config,
    ingest::severity,
    mine::VARIABLE,
    model::window::{self, Window, Windows},
    sql::{
        connection::Connection,
        file::{SqlFile, sql},
        query::rows,
    },
    text::redact::Redactor,
    time::period::{self, Period},
};

/// Raised when a key of the document changes its meaning or goes.
const DOCUMENT_VERSION: u32 = 1;

/// Sections about the window as a whole.
const SECTIONS: &[SqlFile] = &[
    sql!("report/severities"),
    sql!("report/files"),
    sql!("report/cuts"),
    sql!("report/gaps"),
    sql!("report/revision_rows"),
    ENVIRONMENT,
    sql!("report/changes"),
    sql!("report/since_last"),
    sql!("report/resolved"),
    sql!("report/timeline"),
];

/// Sections of one row a window.
const FACTS: &[SqlFile] =
    &[sql!("report/totals"), sql!("report/starts_rows"), sql!("report/comparison"), sql!("report/last_worklog")];

/// Sections about clusters: their rows say by `lead_id` which one.
const CLUSTER_SECTIONS: &[SqlFile] = &[
    sql!("report/members"),
    sql!("report/fields"),
    sql!("report/hints"),
    sql!("report/variables"),
    sql!("report/new_values"),
    sql!("report/neighbours"),
    sql!("report/follows"),
    sql!("report/effects"),
    sql!("report/requests"),
    sql!("report/request_ends"),
    sql!("report/incident_rows"),
    sql!("report/cascade"),
    sql!("report/minutes"),
    sql!("report/cluster_revisions"),
    sql!("report/cluster_users"),
    sql!("report/correlations"),
    sql!("report/sample_rows"),
];

const CLUSTERS: SqlFile = sql!("report/cluster_rows");
const ENVIRONMENT: SqlFile = sql!("report/environment");

/// The queries that worklogs are made of.
pub fn queries() -> Vec<SqlFile> {
    [&[CLUSTERS], FACTS, SECTIONS, CLUSTER_SECTIONS].concat()
}

/// Changes with any query of a worklog.
pub fn queries_hash() -> u64 {
    let texts: Vec<&str> = queries().iter().map(|file| file.text()).chain(window::texts()).collect();
    xxh3_64(texts.join("\0").as_bytes())
}

/// What documents say of their own making.
pub struct Making<'a> {
    pub generated_ns: i64,
    pub zone: &'a str,
    pub database: &'a str,
    pub minimum_severity: &'a str,
}

/// The answers of all queries about one window, before anything is put together.
pub struct Answers {
    sections: Map<String, Value>,
    clusters: Vec<Value>,
}

/// Asks each query once, for all windows whose marts were built; the answers in the order of the windows.
pub fn answers(connection: &Connection, windows: &Windows<'_>) -> Result<Vec<Answers>> {
    ask_all(connection, windows, SECTIONS, FACTS)
}

/// The same without what is about windows as a whole: all that is said of clusters, which needs no worklog before.
pub fn cluster_answers(connection: &Connection, windows: &Windows<'_>) -> Result<Vec<Answers>> {
    ask_all(connection, windows, &[ENVIRONMENT], &[])
}

fn ask_all(
    connection: &Connection,
    windows: &Windows<'_>,
    sections: &[SqlFile],
    facts: &[SqlFile],
) -> Result<Vec<Answers>> {
    let parameters = windows.parameters();
    let ask = |file: &SqlFile| -> Result<Vec<Vec<Value>>> {
        let mut dealt = vec![Vec::new(); windows.list.len()];
        for mut row in rows(connection, file, &parameters)? {
            let id = row.as_object_mut().and_then(|row| row.shift_remove("window_id")).and_then(|id| id.as_u64());
            if let Some(own) = id.and_then(|id| dealt.get_mut(usize::try_from(id).ok()?)) {
                own.push(row);
            }
        }
        Ok(dealt)
    };
    let mut all: Vec<Answers> =
        ask(&CLUSTERS)?.into_iter().map(|clusters| Answers { sections: Map::new(), clusters }).collect();
    for section in sections {
        for (answers, rows) in all.iter_mut().zip(ask(section)?) {
            answers.sections.insert(section.stem().into(), rows.into());
        }
    }
    for fact in facts {
        for (answers, rows) in all.iter_mut().zip(ask(fact)?) {
            answers.sections.insert(fact.stem().into(), rows.into_iter().next().unwrap_or(Value::Null));
        }
    }
    for section in CLUSTER_SECTIONS {
        for (answers, rows) in all.iter_mut().zip(ask(section)?) {
            deal_out(&mut answers.clusters, section.stem(), rows);
        }
    }
    Ok(all)
}

/// Gives each cluster its rows of a section, in the order they came.
fn deal_out(clusters: &mut [Value], section: &str, rows: Vec<Value>) {
    let mut by_lead: FxHashMap<String, Vec<Value>> = FxHashMap::default();
    for row in rows {
        by_lead.entry(row["lead_id"].as_str().unwrap_or_default().to_owned()).or_default().push(row);
    }
    for cluster in clusters {
        let own = cluster["lead_id"].as_str().and_then(|lead| by_lead.remove(lead)).unwrap_or_default();
        cluster[section] = own.into();
    }
}

/// One window's document, redacted as a whole.
pub fn assemble(
    answers: Answers,
    window: &Window,
    period: &Period,
    config: &Config,
    making: &Making<'_>,
    redactor: &Redactor,
) -> Value {
    let Answers { sections: mut document, mut clusters } = answers;
    let places = places(&document, window);
    for cluster in &mut clusters {
        finish_cluster(cluster, &places, redactor);
    }
    document.insert("clusters".into(), clusters.into());
    let mut document = Value::Object(document);
    redactor.json(&mut document);
    add_texts(&mut document, config, window, period, making);
    document
}

/// The names that stand for the placeholders of rules' texts.
fn places(document: &Map<String, Value>, window: &Window) -> Vec<(&'static str, String)> {
    let facts = document.get("environment").and_then(Value::as_array);
    let fact = |name: &str| {
        let row = facts?.iter().find(|row| row["fact"] == name)?;
        row["value"].as_str().map(str::to_owned)
    };
    let known = [("project", fact("project")), ("location", fact("location"))];
    let mut places: Vec<_> = known.into_iter().filter_map(|(name, value)| Some((name, plain(&value?)))).collect();
    places.push(("service", plain(&window.service)));
    places
}

/// Names of resources hold nothing else; what does comes from a hostile log and would end up in a command.
fn plain(name: &str) -> String {
    name.chars().filter(|c| c.is_ascii_alphanumeric() || "-_.:".contains(*c)).collect()
}

fn finish_cluster(cluster: &mut Value, places: &[(&str, String)], redactor: &Redactor) {
    let sample = cluster["sample_rows"].get(0).map(sample_entry::trimmed);
    if let Some(mut sample) = sample {
        redactor.json(&mut sample);
        cluster["sample"] = serde_json::to_string_pretty(&sample).unwrap_or_default().into();
    }
    for (section, name) in [("fields", "field"), ("variables", "name"), ("new_values", "name")] {
        if let Some(rows) = cluster[section].as_array_mut() {
            rows.iter_mut().for_each(|row| hide_values(row, name, redactor));
        }
    }
    let mut places = places.to_vec();
    let revisions = cluster["cluster_revisions"].as_array();
    if let Some(revision) = revisions.and_then(|rows| rows.last()).and_then(|row| row["revision"].as_str()) {
        places.push(("revision", plain(revision)));
    }
    // some of what came before the first entry too: that is where causes are
    let times = [("from", "first_ns", -600_000_000_000), ("to", "last_ns", 60_000_000_000)];
    for (name, key, margin) in times {
        places.extend(cluster[key].as_i64().map(|ns| (name, period::instant(ns.saturating_add(margin)))));
    }
    for key in ["name", "impact", "business_impact", "purpose", "issue", "consequences_title"] {
        if let Some(text) = cluster[key].as_str() {
            cluster[key] = fill(text, &places).into();
        }
    }
    for key in ["actions", "consequences"] {
        if let Some(texts) = cluster[key].as_array() {
            let filled: Value = texts.iter().filter_map(Value::as_str).map(|text| fill(text, &places)).collect();
            cluster[key] = filled;
        }
    }
}

/// A value stands apart from what was before it in the message, which may say that it is a secret: the name of the field
/// or variable, or the words of the template (`Bearer <*>`).
pub fn hide_values(row: &mut Value, name: &str, redactor: &Redactor) {
    let name = row[name].as_str().map(str::to_owned);
    let position = row["position"].as_u64().and_then(|position| usize::try_from(position).ok());
    let before =
        position.and_then(|position| row["template"].as_str()?.split(VARIABLE).nth(position)).map(str::to_owned);
    let hide = |value: &mut Value| hide_value(value, name.as_deref(), before.as_deref(), redactor);
    for key in ["commonest", "value"] {
        hide(&mut row[key]);
    }
    row["examples"].as_array_mut().into_iter().flatten().for_each(hide);
    row["commonest"].as_array_mut().into_iter().flatten().for_each(|counted| hide(&mut counted["value"]));
}

fn hide_value(value: &mut Value, name: Option<&str>, before: Option<&str>, redactor: &Redactor) {
    let Some(text) = value.as_str().map(str::to_owned) else { return };
    if let Some(name) = name {
        let mut pair = json!({ name: text });
        redactor.json(&mut pair);
        *value = pair[name].take();
    }
    let (Some(before), Some(text)) = (before, value.as_str()) else { return };
    let whole = format!("{before}{text}");
    let redacted = redactor.text(&whole);
    if redacted != whole {
        *value = redacted.strip_prefix(before).unwrap_or(&redacted).into();
    }
}

/// `{service}` and the like in rules' texts; one whose value is not known stays as it is.
fn fill(text: &str, places: &[(&str, String)]) -> String {
    places.iter().fold(text.to_owned(), |text, (name, value)| text.replace(&format!("{{{name}}}"), value))
}

/// What does not come from entries: rules' texts for the whole, and how the document was made.
fn add_texts(document: &mut Value, config: &Config, window: &Window, period: &Period, making: &Making<'_>) {
    let minimum_severity = making.minimum_severity;
    document["document_version"] = DOCUMENT_VERSION.into();
    document["service"] = window.service.clone().into();
    document["window"] = json!({
        "from_ns": window.from_ns,
        "to_ns": window.to_ns,
        "revision": window.revision,
        "asked": period.asked,
        "focus": period.focus,
        "zone": making.zone,
        "minimum_severity": minimum_severity,
        "minimum_number": 100 * severity::NAMES.iter().position(|name| *name == minimum_severity).unwrap_or(0),
    });
    document["making"] = json!({
        "generated_ns": making.generated_ns,
        "version": env!("CARGO_PKG_VERSION"),
        "rules_version": config.version_hash,
        "shape_version": crate::mine::SHAPE_VERSION,
        "database": making.database,
    });
    document["texts"] = serde_json::to_value(&config.rules.worklog).unwrap_or_default();
    let tiers = document["texts"]["tier"].as_array().cloned().unwrap_or_default();
    document["texts"]["tier"] = with_all_priorities(tiers).into();
}

/// The tiers that rules name, and one for each priority that none of them does, in the order of the priorities.
fn with_all_priorities(mut tiers: Vec<Value>) -> Vec<Value> {
    let titles = [("P0", "Critical"), ("P1", "Urgent"), ("P2", "High"), ("P3", "Medium"), ("P4", "Low")];
    let has = |tiers: &[Value], priority: &str| {
        let priorities = tiers.iter().filter_map(|tier| tier["priorities"].as_array()).flatten();
        priorities.into_iter().any(|known| known == priority)
    };
    for (priority, title) in titles {
        if !has(&tiers, priority) {
            tiers.push(json!({"priorities": [priority], "title": title, "points": []}));
        }
    }
    tiers.sort_by_key(|tier| tier["priorities"][0].as_str().map(str::to_owned));
    tiers
}
