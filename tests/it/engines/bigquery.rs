//! Against an emulator of BigQuery.

use std::process::Command;

use super::{
    super::support::project, Garden, archives, asked, assert_same_facts, assert_same_worklogs, both, server, text,
};

/// Lays the tables of a sink and a view of Log Analytics; answers their names.
fn bigquery_tables(url: &str, entries: &str) -> Vec<String> {
    let script = project().join("tests/engines/bigquery_tables.py");
    let output = Command::new("python3").arg(script).args([entries, "--endpoint", url]).output().unwrap();
    assert!(output.status.success(), "{}", text(&output.stderr));
    text(&output.stdout).lines().map(str::to_owned).collect()
}

#[test]
fn bigquery_counts_what_is_loaded() {
    let Some(url) = server("GARDENER_TEST_BIGQUERY") else { return };
    // BigQuery keeps times to the microsecond
    let finer = regex::Regex::new(r#"([Tt]imestamp":"[-0-9T:]{19}\.[0-9]{6})[0-9]+Z"#).unwrap();
    let source = Garden::new();
    for path in archives(&source) {
        let whole = std::fs::read_to_string(path).unwrap();
        let entries = source.write("entries.ndjson", finer.replace_all(&whole, "${1}Z").as_ref());
        let tables = bigquery_tables(&url, &entries);
        let (views, sinks): (Vec<_>, Vec<_>) = tables.iter().partition(|table| table.ends_with("_AllLogs"));
        for sources in [views, sinks] {
            let mut arguments = vec!["--engine", "bigquery", "--url", &url, "--project", "test"];
            arguments.extend(sources.iter().flat_map(|source| ["--source", source.as_str()]));
            let asked = asked(&arguments);
            let garden = both(&entries, &asked);
            assert_same_facts(&garden, &asked);
            assert_same_worklogs(&garden);
        }
    }
    let garden = Garden::new();
    let mut arguments = vec!["build", "--engine", "bigquery", "--url", &url, "--project", "test", "--dry-run"];
    arguments.extend(["--source", "test.analytics._AllLogs"]);
    let output = garden.gardener(&arguments);
    assert!(text(&output.stdout).contains("total: "), "{}{}", text(&output.stdout), text(&output.stderr));
    assert!(!garden.path("garden.duckdb").exists(), "a dry run makes nothing");
    let output = garden.gardener(&[
        "build",
        "--engine",
        "bigquery",
        "--url",
        &url,
        "--project",
        "test",
        "--source",
        "test.logs.none",
    ]);
    assert!(text(&output.stderr).contains("cannot look at `test.logs.none`"), "{}", text(&output.stderr));
}
