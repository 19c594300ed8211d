//! `gardener show`: one pattern from close by, why its messages are one, and the cluster it is in.

use std::process::ExitCode;

use anyhow::{Result, bail};

use jiff::tz::TimeZone;
use serde_json::{Map, Value};

use super::configuration;
use crate::{
    archive::{open_built, redactor, whole_archive},
    cli::{Globals, ShowArgs, ShowFormat},
    config::Config,
    model::window::{Windows, build_clusters},
    report::{Renderer, document::hide_values},
    sql::{
        connection::Connection,
        file::{SqlFile, sql},
        query,
    },
    text::{escape, redact::Redactor, terminal, words},
};

const NAMES: SqlFile = sql!("show/pattern_names");

/// The parts of the document under their keys; the first is one row.
const PARTS: [(&str, SqlFile); 6] = [
    ("pattern", sql!("show/pattern")),
    ("revisions", sql!("show/pattern_revisions")),
    ("sites", sql!("show/pattern_sites")),
    ("shapes", sql!("show/pattern_shapes")),
    ("variables", sql!("show/pattern_variables")),
    ("samples", sql!("show/pattern_samples")),
];

const CLUSTER: SqlFile = sql!("show/cluster");

/// The parts about its cluster.
const CLUSTER_PARTS: [(&str, SqlFile); 3] = [
    ("members", sql!("show/cluster_members")),
    ("hours", sql!("show/cluster_hours")),
    ("changes", sql!("show/cluster_revisions")),
];

/// How many patterns a word that may mean several is answered with.
const CANDIDATES: usize = 12;

pub fn run(args: &ShowArgs, globals: &Globals) -> Result<ExitCode> {
    let config = configuration(&args.config, globals)?;
    let connection = open_built(&args.database.db, args.database.memory.as_deref(), &config)?;
    let redactor = redactor(&connection, &config)?;
    let pattern_id = find(&connection, &args.pattern, &redactor)?;
    let parameters = [("pattern_id", pattern_id.clone().into())];
    let mut document = Map::new();
    document.insert("cluster".into(), cluster(&connection, &config, &pattern_id)?);
    for (key, file) in &PARTS {
        document.insert((*key).into(), query::rows(&connection, file, &parameters)?.into());
    }
    let mut document = Value::Object(document);
    document["pattern"] = document["pattern"][0].take();
    let template = document["pattern"]["template"].clone();
    for variable in document["variables"].as_array_mut().into_iter().flatten() {
        variable["template"] = template.clone();
        hide_values(variable, "name", &redactor);
    }
    redactor.json(&mut document);
    let text = match args.format {
        ShowFormat::Json => serde_json::to_string_pretty(&document)? + "\n",
        ShowFormat::Text => Renderer::new(TimeZone::UTC, &config.overrides)?.render("pattern.txt", &document)?,
    };
    if args.format == ShowFormat::Text {
        terminal::print_text(&text)?
    } else {
        terminal::print(&text)?
    }
    Ok(ExitCode::SUCCESS)
}

/// The cluster that the pattern is in over the whole archive, with the parts that its priority and state come from; null
/// for patterns below what clusters are made of.
fn cluster(connection: &Connection, config: &Config, pattern_id: &str) -> Result<Value> {
    let list = whole_archive(connection, None)?;
    build_clusters(connection, &Windows { list: &list, minimum_severity: config.minimum_severity() })?;
    let parameters = [("pattern_id", pattern_id.to_owned().into())];
    let Some(mut cluster) = query::rows(connection, &CLUSTER, &parameters)?.into_iter().next() else {
        return Ok(Value::Null);
    };
    let text = |key: &str| cluster[key].as_str().unwrap_or_default().to_owned();
    let parameters = [("service", text("service").into()), ("cluster_id", text("cluster_id").into())];
    for (key, file) in &CLUSTER_PARTS {
        cluster[*key] = query::rows(connection, file, &parameters)?.into();
    }
    Ok(cluster)
}

/// The one pattern that the word means.
fn find(connection: &Connection, word: &str, redactor: &Redactor) -> Result<String> {
    if word.trim().is_empty() {
        bail!("no word for a pattern\n\nhint: `gardener patterns` and `gardener clusters` list them");
    }
    let rows = query::rows(connection, &NAMES, &[("word", word.to_owned().into())])?;
    let Some(first) = rows.first() else {
        bail!("no pattern `{word}`{}", guess(connection, word, redactor)?);
    };
    let is_sure = rows.len() == 1 || first["way"] == 1;
    let name = |row: &Value| row["pattern_id"].as_str().unwrap_or_default().to_owned();
    if is_sure {
        return Ok(name(first));
    }
    let line = |row: &Value| {
        let template = redactor.text(row["template"].as_str().unwrap_or_default());
        let template = escape::one_line(&template, 80);
        format!("  {}  {template} ({})", name(row), row["entry_count"])
    };
    let lines: Vec<String> = rows.iter().take(CANDIDATES).map(line).collect();
    bail!("`{word}` may mean {} patterns:\n{}\n\nhint: name one by its id", rows.len(), lines.join("\n"))
}

/// What to do about a word that means no pattern.
fn guess(connection: &Connection, word: &str, redactor: &Redactor) -> Result<String> {
    let mut statement = connection.prepare("select distinct template from pattern_traits")?;
    let known = statement.query_map([], |row| row.get(0))?.collect::<duckdb::Result<Vec<String>>>()?;
    let near = words::nearest(word, known.iter().map(String::as_str))
        .map(|name| format!("did you mean `{}`? ", escape::one_line(&redactor.text(name), 80)));
    Ok(format!("\n\nhint: {}`gardener patterns` and `gardener clusters` list them", near.unwrap_or_default()))
}
