//! Models alone: each case in `tests/cases/models` lays a model's inputs and says what it answers. `README.md` there
//! tells how to write one, and `CASE=cluster_states/back` runs one alone.

mod case;
mod compare;
mod tables;

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use duckdb::types::Value;
use log_gardener::{
    config::Config,
    model::{
        build, file_of, functions, macros,
        window::{self, Windows},
    },
    sql::{connection::Connection, query::run_named},
    store,
};

use super::support::project;
use case::Case;
use compare::Differs;
use tables::{lay, value};

/// What decides something and so has cases.
const DECIDING: &str = "audited_changes before_onsets cascade_steps change_differences change_entries change_groups change_parts \
    change_reason change_revisions change_settings change_traffic change_variables cluster_correlations \
    cluster_counts cluster_ends cluster_follows cluster_history cluster_incidents cluster_minutes cluster_neighbours \
    cluster_onsets cluster_origins cluster_patterns cluster_pauses cluster_priorities cluster_requests cluster_returns \
    cluster_revisions cluster_starts \
    cluster_states cluster_texts clusters clusters_before compare_latencies compare_pairs \
    compare_server_errors compare_settings compare_values coverage daily_habits deployments differing_values \
    drifting_numbers effective_severity end_causes endpoint_latencies error_spans failure_sites fatal_patterns \
    identified_sources incidents instance_ends last_lines latency_series links_by_call_site links_by_end \
    links_by_instance_end links_by_order links_by_run links_by_start links_by_status contained_texts links_by_text \
    links_by_trace minute_values named_user new_values number_series pair_counts pair_dispersions pair_exposures pair_sides \
    pairs_with_starts problem_bases \
    said_again samples severity_spans side_blocks side_events side_exposures side_minutes side_quantiles \
    slow_endpoints starts uncovered_minutes value_minutes window_pairs window_patterns window_slots";

#[test]
fn models_answer_as_the_cases_say() {
    let wanted = std::env::var("CASE").ok();
    let is_wanted = |name: &str| wanted.as_deref().is_none_or(|wanted| name == wanted || folder(name) == wanted);
    let cases: Vec<(String, PathBuf)> = cases().into_iter().filter(|(name, _)| is_wanted(name)).collect();
    assert!(!cases.is_empty(), "no case is called `{}`", wanted.unwrap_or_default());
    let connection = empty_archive();
    let fault = |(name, path): &(String, PathBuf)| {
        let error = check(&connection, folder(name), path).err()?;
        Some(format!("{name}: {error:#}"))
    };
    let faults: Vec<String> = cases.iter().filter_map(fault).collect();
    println!("{} cases of models", cases.len());
    assert!(faults.is_empty(), "{} of {} cases fail\n\n{}\n", faults.len(), cases.len(), faults.join("\n\n"));
}

#[test]
fn every_model_that_decides_has_cases() {
    let cases = cases();
    let is_missing = |model: &&str| !cases.iter().any(|(name, _)| folder(name) == *model);
    let missing: Vec<&str> = DECIDING.split_whitespace().filter(is_missing).collect();
    assert!(missing.is_empty(), "no case in tests/cases/models of {missing:?}");
}

fn cases() -> Vec<(String, PathBuf)> {
    let pattern = project().join("tests/cases/models/*/*.md");
    let paths = glob::glob(&pattern.display().to_string()).unwrap().map(Result::unwrap);
    let name = |path: &Path| {
        let [stem, folder] = [path.file_stem(), path.parent().and_then(Path::file_name)].map(Option::unwrap);
        format!("{}/{}", folder.display(), stem.display())
    };
    paths.map(|path| (name(&path), path)).collect()
}

fn folder(name: &str) -> &str {
    name.split('/').next().unwrap_or_default()
}

/// A database without an entry, in which every model is built: all tables are there with their real columns.
fn empty_archive() -> Connection {
    let connection = Connection::from(store::open(Path::new(":memory:"), None).unwrap());
    functions::register(&connection).unwrap();
    build::build(&connection, &Config::built_in().unwrap()).unwrap();
    window::build_marts(&connection, &Windows { list: &[], minimum_severity: "NOTICE" }).unwrap();
    window::keep(&connection).unwrap();
    // a table in the view's place, for a case to fill
    let kept = "drop view temp.main.kept_clusters; create temp table kept_clusters as from memory.main.clusters";
    connection.execute_batch(kept).unwrap();
    macros::register_apart(&connection).unwrap();
    connection
}

fn check(connection: &Connection, model: &str, path: &Path) -> Result<()> {
    let case = Case::read(path)?;
    connection.execute_batch("begin")?;
    let result = case
        .inputs
        .iter()
        .try_for_each(|table| lay(connection, table).with_context(|| format!("input `{}`", table.name)))
        .and_then(|()| run(connection, model, &case))
        .and_then(|()| keep_wanted(connection, &case))
        .and_then(|()| compare::check(connection, &case.expected));
    connection.execute_batch("rollback")?;
    match (case.setting("deviates"), result) {
        (None, result) => result,
        (Some(_), Err(error)) if error.is::<Differs>() => Ok(()),
        (Some(_), Err(error)) => Err(error),
        (Some(how), Ok(())) => bail!("the model no longer deviates: take the line `- deviates: {how}` away"),
    }
}

/// Makes the table `found` of what the model answers.
fn run(connection: &Connection, model: &str, case: &Case) -> Result<()> {
    let file = file_of(model).with_context(|| format!("no model is called `{model}`, as the folder is"))?;
    let head = "create or replace temp table found as ";
    if let Some(query) = case.setting("query") {
        ensure!(query.contains(&format!("{model}(")), "the query does not call `{model}`, whose folder this is");
        return Ok(connection.execute_batch(&format!("{head}{query}"))?);
    }
    ensure!(!file.path.contains("/macros/"), "`{model}` is a macro: call it, as in `- query: from {model}(...)`");
    let bound = |name: &str, otherwise: &str| -> Result<Value> {
        let given = case.setting(&format!("${name}")).map(|cell| value(cell, "BIGINT"));
        let sql = format!("select coalesce({}, 0)", given.as_deref().unwrap_or(otherwise));
        Ok(Value::BigInt(connection.query_row(&sql, [], |row| row.get(0))?))
    };
    // those that the program binds
    let from = bound("from_ns", "(select min(from_ns) from windows)")?;
    let to = bound("to_ns", "(select max(to_ns) from windows)")?;
    run_named(connection, head, &file, &[("from_ns", from), ("to_ns", to)])
}

/// Leaves the rows in the table `found` that the case asks for.
fn keep_wanted(connection: &Connection, case: &Case) -> Result<()> {
    let Some(condition) = case.setting("where") else { return Ok(()) };
    connection.execute_batch(&format!("create or replace temp table found as from found where {condition}"))?;
    Ok(())
}
