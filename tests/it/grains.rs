//! Each SQL file states its grain, the columns that tell its rows apart, and on the sample archives they do.

mod asked;

use anyhow::{Result, ensure};
use log_gardener::{
    sql::{connection::Connection, file::SqlFile, query::run_named},
    store,
};

use super::support::{AS_OF, Garden, data, project, text};
use asked::{Values, called, lay, rows};

/// Folders whose files are one relation each, read from a database whose models are built.
const ASKED: [&str; 9] = ["compare", "facts", "history", "issues", "macros", "marts", "report", "show", "staging"];

/// Folders whose files are read while a database is filled: that they state a grain is all that is looked at.
const FILLING: [&str; 3] = ["load", "mine", "pull"];

struct Model {
    file: SqlFile,
    folder: String,
    columns: Option<Vec<String>>,
}

#[test]
fn every_relation_states_its_grain() {
    let folders = [ASKED.as_slice(), &FILLING].concat();
    let without: Vec<&str> = folders
        .iter()
        .flat_map(|folder| models(folder))
        .filter(|model| model.columns.is_none() && !is_reasoned(model.file.text()))
        .map(|model| model.file.path)
        .collect();
    assert!(without.is_empty(), "no line `-- grain: column, column` nor `-- grain: none (why)` in {without:?}");
}

#[test]
fn stated_grains_tell_rows_apart_in_the_sample() {
    check_archive("sample.ndjson");
}

#[test]
fn stated_grains_tell_rows_apart_in_the_incident() {
    check_archive("incident.json");
}

fn check_archive(export: &str) {
    let garden = Garden::new();
    for arguments in [&["load", &*data(export)][..], &["history", "--as-of", AS_OF, "--out", "history"]] {
        let output = garden.gardener(arguments);
        assert!(output.status.success(), "{}", text(&output.stderr));
    }
    let connection = Connection::from(store::open(&garden.path("garden.duckdb"), None).unwrap());
    let values = lay(&connection, export).unwrap();
    let mut faults = Vec::new();
    let (mut models_with_rows, mut rows) = (0, 0);
    for model in ASKED.iter().flat_map(|folder| models(folder)) {
        let Some(columns) = &model.columns else { continue };
        let is_of_many = ["$cluster_id", "$pattern_id", "$word"].iter().any(|name| model.file.text().contains(name));
        let values = if is_of_many { &values[..] } else { &values[..1] };
        match values.iter().map(|values| check(&connection, &model, columns, values)).sum::<Result<u64>>() {
            Ok(0) => {}
            Ok(count) => (models_with_rows, rows) = (models_with_rows + 1, rows + count),
            Err(error) => faults.push(format!("{}: {error:#}", model.file.path)),
        }
    }
    println!("{export}: {rows} rows of {models_with_rows} models");
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert!(models_with_rows > 100, "only {models_with_rows} models have rows");
}

/// The files of a folder that are a relation; those that are one value have no rows.
fn models(folder: &str) -> Vec<Model> {
    let pattern = project().join("sql").join(folder).join("*.sql");
    let paths = glob::glob(&pattern.display().to_string()).unwrap().map(Result::unwrap);
    let model = |path: std::path::PathBuf| {
        let text: &str = std::fs::read_to_string(&path).unwrap().leak();
        let name = format!("sql/{folder}/{}", path.file_name().unwrap().display());
        let body = text.lines().find(|line| !line.starts_with("--")).unwrap_or_default();
        let is_relation = ["with", "select", "from"].contains(&body.split_whitespace().next().unwrap_or_default());
        let file = SqlFile::written(name.leak(), text);
        is_relation.then(|| Model { file, folder: folder.to_owned(), columns: grain(text) })
    };
    let found: Vec<Model> = paths.filter_map(model).collect();
    assert!(!found.is_empty(), "no models in sql/{folder}");
    found
}

fn stated(text: &str) -> Option<&str> {
    text.lines().map_while(|line| line.strip_prefix("--")).find_map(|line| line.strip_prefix(" grain: "))
}

/// The columns of the line `-- grain: column, column`.
fn grain(text: &str) -> Option<Vec<String>> {
    let columns = stated(text).filter(|stated| !stated.starts_with("none"))?;
    Some(columns.split(',').map(|column| column.trim().to_owned()).collect())
}

/// `-- grain: none (why)`
fn is_reasoned(text: &str) -> bool {
    stated(text).is_some_and(|stated| stated.starts_with("none (") && stated.ends_with(')'))
}

/// Counts the rows of a model; an error where two of them have the same grain.
fn check(connection: &Connection, model: &Model, columns: &[String], values: &Values) -> Result<u64> {
    let stem = model.file.stem();
    let is_asked = !["facts", "macros", "marts", "staging"].contains(&&*model.folder);
    let relation = match &*model.folder {
        "macros" => called(connection, stem, values)?,
        _ if is_asked => "answer".to_owned(),
        _ => stem.to_owned(),
    };
    if is_asked {
        run_named(connection, "create or replace temp table answer as ", &model.file, values)?;
    }
    let key = columns.iter().map(|column| format!("\"{column}\"")).collect::<Vec<_>>().join(", ");
    let twice =
        format!("select ({key})::varchar, count(*)::varchar from {relation} group by all having count(*) > 1 limit 1");
    let twice = rows::<2>(connection, &twice)?;
    let fault = twice.first().map(|[key, count]| {
        format!("{} rows have {}", count.as_deref().unwrap_or_default(), key.as_deref().unwrap_or_default())
    });
    ensure!(fault.is_none(), "{}", fault.unwrap_or_default());
    let count = rows::<1>(connection, &format!("select count(*)::varchar from {relation}"))?;
    Ok(count[0][0].as_deref().unwrap_or_default().parse()?)
}
