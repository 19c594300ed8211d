//! What goes wrong is said clearly, with exit status 2, and nothing is written.

use super::support::{Garden, data, text};

/// Standard error with the garden's folder and the messages of other programs left out.
fn said(garden: &Garden, output: &std::process::Output) -> String {
    let folder = garden.path("").display().to_string();
    let said = text(&output.stderr).replace(folder.trim_end_matches('/'), "[garden]");
    said.replace(data("").trim_end_matches('/'), "[data]")
}

fn wrong(garden: &Garden, arguments: &[&str]) -> String {
    let output = garden.gardener(arguments);
    assert_eq!(output.status.code(), Some(2), "{arguments:?}: {}", text(&output.stderr));
    assert!(output.stdout.is_empty());
    format!(
        "$ gardener {}\n{}",
        arguments.join(" ").replace(&garden.path("").display().to_string(), ""),
        said(garden, &output)
    )
}

#[test]
fn bad_input_is_refused_and_nothing_is_written() {
    let garden = Garden::new();
    garden.write("notes.txt", "just some notes\nof no export\n");
    garden.write("empty.json", "");
    garden.write("none.json", "[]");
    garden.write("other.json", "{\"colour\": \"red\"}\n{\"colour\": \"blue\"}\n");
    garden.write("numbers.json", "[1, 2, 3]");
    garden.write("broken.toml", "version = 1\n[[rule]]\nid = \"a\"\n[rule.match]\ntemplat = \"x\"\n");
    garden.write("good.ndjson", r#"{"timestamp":"2025-01-01T00:00:00Z","insertId":"a","textPayload":"up"}"#);
    std::fs::create_dir(garden.path("folder")).unwrap();
    let cases: Vec<Vec<&str>> = vec![
        vec!["run", "missing.json"],
        vec!["run", "logs-*.json"],
        vec!["run", "folder"],
        vec!["run", "notes.txt"],
        vec!["run", "empty.json"],
        vec!["run", "none.json"],
        vec!["run", "other.json"],
        vec!["run", "numbers.json"],
        vec!["run", "good.ndjson", "--config", "broken.toml"],
        vec!["run", "good.ndjson", "--config", "missing.toml"],
        vec!["run", "good.ndjson", "--last", "soon"],
        vec!["run", "good.ndjson", "--tz", "Mars/Olympus"],
        vec!["run", "good.ndjson", "--from", "2025-02-01", "--to", "2025-01-01"],
        vec!["sql", "select 1"],
        vec!["build"],
        vec!["worklog"],
        vec!["template", "missing.txt"],
    ];
    let all: Vec<String> = cases.iter().map(|arguments| wrong(&garden, arguments)).collect();
    insta::assert_snapshot!(all.join("\n"));
    assert!(!garden.path("garden.duckdb").exists());
    assert!(!garden.path("worklogs").exists());
}

#[test]
fn an_unreadable_file_is_named_and_the_rest_is_loaded() {
    let garden = Garden::new();
    std::fs::create_dir(garden.path("exports")).unwrap();
    garden.write("exports/a.ndjson", r#"{"timestamp":"2025-01-01T00:00:00Z","insertId":"a","textPayload":"up"}"#);
    garden.write("exports/b.json.gz", [0x1f, 0x8b, 8, 0, 1, 2, 3]);
    garden.write("exports/README.md", "what lies here");
    let output = garden.gardener(&["load", "exports"]);
    assert_eq!(output.status.code(), Some(2));
    let said = said(&garden, &output);
    assert!(said.contains("error: `exports/b.json.gz` cannot be read"), "{said}");
    assert!(said.contains("skipped `exports/README.md` is no export"), "{said}");
    assert!(said.contains("loaded 1 new entry from 1 file"), "{said}");
}

#[test]
fn a_database_of_a_newer_version_is_left_alone() {
    let garden = Garden::of(&["incident.json"], &[]);
    let connection = duckdb::Connection::open(garden.path("garden.duckdb")).unwrap();
    connection.execute_batch("update meta set value = '99' where key = 'schema_version'").unwrap();
    drop(connection);
    let messages = [
        wrong(&garden, &["run", &data("sample.ndjson")]),
        wrong(&garden, &["worklog"]),
        wrong(&garden, &["sql", "select 1"]),
    ];
    insta::assert_snapshot!(messages.join("\n").replace(&data(""), "[data]/"));
}

#[test]
fn a_file_that_is_no_database_is_refused() {
    let garden = Garden::new();
    garden.write("garden.duckdb", "these are not the bytes of a database, and they should stay as they are");
    let message = wrong(&garden, &["run", &data("incident.json")]);
    assert!(message.contains("error: cannot open database `garden.duckdb`"), "{message}");
}

#[test]
fn what_needs_models_says_so() {
    let garden = Garden::new();
    assert!(garden.gardener(&["load", &data("incident.json")]).status.success());
    for arguments in [&["show", "x"][..], &["sql", "select 1 from entries"]] {
        let said = wrong(&garden, arguments);
        assert!(said.contains("hint: `gardener build`"), "{said}");
    }
}

#[test]
fn a_faulty_query_is_shown_with_its_place() {
    let garden = Garden::of(&["incident.json"], &[]);
    insta::assert_snapshot!(wrong(&garden, &["sql", "select mesage from entries"]));
}
