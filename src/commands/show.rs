//! `gardener show`: one pattern from close by, and why its messages are one.

use std::{
    io::{self, Write},
    process::ExitCode,
};

use anyhow::{Result, bail};
use duckdb::Connection;
use jiff::tz::TimeZone;
use serde_json::{Map, Value};

use super::redactor;
use crate::{
    cli::{ShowArgs, ShowFormat},
    model::{self, SqlFile, functions, registry::sql},
    report::{Renderer, document::hide_values, escape, redact::Redactor},
    rules::RuleSet,
    store,
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

/// How many patterns a word that may mean several is answered with.
const CANDIDATES: usize = 12;

pub fn run(args: &ShowArgs) -> Result<ExitCode> {
    let rules = RuleSet::load(args.config.config.as_deref())?;
    let connection = store::open_to_read(&args.database.db, args.database.memory.as_deref())?;
    if !store::is_built(&connection)? {
        bail!("no patterns were mined yet in `{}`\n\nhint: `gardener build` does", args.database.db.display());
    }
    functions::register(&connection)?;
    let redactor = redactor(&connection, &rules)?;
    let pattern_id = find(&connection, &args.pattern, &redactor)?;
    let parameters = [("pattern_id", pattern_id.into())];
    let mut document = Map::new();
    for (key, file) in &PARTS {
        document.insert((*key).into(), model::rows(&connection, file, &parameters)?.into());
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
        ShowFormat::Text => Renderer::new(TimeZone::UTC)?.render("pattern.txt", &document)?,
    };
    io::stdout().lock().write_all(text.as_bytes())?;
    Ok(ExitCode::SUCCESS)
}

/// The one pattern that the word means.
fn find(connection: &Connection, word: &str, redactor: &Redactor) -> Result<String> {
    let rows = model::rows(connection, &NAMES, &[("word", word.to_owned().into())])?;
    let Some(first) = rows.first() else {
        bail!("no pattern `{word}`\n\nhint: `gardener sql \"from patterns order by entry_count desc\"` lists them");
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
