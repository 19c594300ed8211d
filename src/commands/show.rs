//! `gardener show`: one pattern from close by, why its messages are one, and the cluster it is in.

use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use jiff::tz::TimeZone;

use super::configuration;
use crate::{
    archive::{open_built, redactor, whole_archive},
    cli::{Globals, ShowArgs, ShowFormat},
    config::Config,
    model::window::{Windows, build_clusters},
    report::{
        Renderer,
        document::{
            hide_values,
            pattern::{PatternClusterRow, PatternNameRow, PatternRow, PositionRow, ShownPattern},
            redacted,
        },
        json,
    },
    sql::{connection::Connection, row::rows_as},
    text::{escape, redact::Redactor, terminal, words},
};

/// How many patterns a word that may mean several is answered with.
const CANDIDATES: usize = 12;

pub(super) fn run(args: &ShowArgs, globals: &Globals) -> Result<ExitCode> {
    let config = configuration(&args.config, globals)?;
    let connection = open_built(&args.database.db, args.database.memory.as_deref(), &config)?;
    let redactor = redactor(&connection, &config)?;
    let pattern_id = find(&connection, &args.pattern, &redactor)?;
    let document = redacted(&document(&connection, &config, &pattern_id, &redactor)?, &redactor)?;
    let text = match args.format {
        ShowFormat::Json => json::PATTERN.text(&document)?,
        ShowFormat::Text => Renderer::new(TimeZone::UTC, &config.overrides)?.render("pattern.txt", &document.view())?,
    };
    if args.format == ShowFormat::Text {
        terminal::print_text(&text)?
    } else {
        terminal::print(&text)?
    }
    Ok(ExitCode::SUCCESS)
}

fn document(connection: &Connection, config: &Config, pattern_id: &str, redactor: &Redactor) -> Result<ShownPattern> {
    let parameters = [("pattern_id", pattern_id.to_owned().into())];
    let cluster = cluster(connection, config, pattern_id)?;
    let pattern =
        rows_as::<PatternRow>(connection, &parameters)?.into_iter().next().context("the pattern no longer exists")?;
    let mut document = ShownPattern {
        cluster,
        revisions: rows_as(connection, &parameters)?,
        sites: rows_as(connection, &parameters)?,
        shapes: rows_as(connection, &parameters)?,
        variables: rows_as(connection, &parameters)?,
        samples: rows_as(connection, &parameters)?,
        pattern,
    };
    for PositionRow { name, position, template, commonest, .. } in &mut document.variables {
        template.clone_from(&document.pattern.template);
        let values = commonest.iter_mut().map(|counted| &mut counted.value);
        hide_values(values, name.as_deref(), Some((*position, template.as_str())), redactor);
    }
    Ok(document)
}

/// The cluster that the pattern is in over the whole archive, with the parts that its priority and state come from; none
/// for patterns below what clusters are made of.
fn cluster(connection: &Connection, config: &Config, pattern_id: &str) -> Result<Option<PatternClusterRow>> {
    let list = whole_archive(connection, None)?;
    build_clusters(connection, &Windows { list: &list, minimum_severity: config.minimum_severity() })?;
    let parameters = [("pattern_id", pattern_id.to_owned().into())];
    let Some(mut cluster) = rows_as::<PatternClusterRow>(connection, &parameters)?.into_iter().next() else {
        return Ok(None);
    };
    let parameters = [("service", cluster.service.clone().into()), ("cluster_id", cluster.cluster_id.clone().into())];
    cluster.members = rows_as(connection, &parameters)?;
    cluster.hours = rows_as(connection, &parameters)?;
    cluster.changes = rows_as(connection, &parameters)?;
    Ok(Some(cluster))
}

/// The one pattern that the word means.
fn find(connection: &Connection, word: &str, redactor: &Redactor) -> Result<String> {
    if word.trim().is_empty() {
        bail!("the pattern to show is empty\n\nhint: `gardener patterns` and `gardener clusters` list them");
    }
    let rows = rows_as::<PatternNameRow>(connection, &[("word", word.to_owned().into())])?;
    let Some(first) = rows.first() else {
        bail!("no pattern `{word}`{}", guess(connection, word, redactor)?);
    };
    let is_sure = rows.len() == 1 || first.way == 1;
    if is_sure {
        return Ok(first.pattern_id.clone());
    }
    let line = |row: &PatternNameRow| {
        let template = escape::one_line(&redactor.text(&row.template), 80);
        format!("  {}  {template} ({})", row.pattern_id, row.entry_count)
    };
    let lines: Vec<String> = rows.iter().take(CANDIDATES).map(line).collect();
    bail!("`{word}` matches {} patterns:\n{}\n\nhint: use the id of one of them", rows.len(), lines.join("\n"))
}

/// What to do about a word that means no pattern.
fn guess(connection: &Connection, word: &str, redactor: &Redactor) -> Result<String> {
    let mut statement = connection.prepare("select distinct template from pattern_traits")?;
    let known = statement.query_map([], |row| row.get(0))?.collect::<duckdb::Result<Vec<String>>>()?;
    let near = words::nearest(word, known.iter().map(String::as_str))
        .map(|name| format!("did you mean `{}`? ", escape::one_line(&redactor.text(name), 80)));
    Ok(format!("\n\nhint: {}`gardener patterns` and `gardener clusters` list them", near.unwrap_or_default()))
}
