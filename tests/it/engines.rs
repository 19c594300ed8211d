//! Entries that stay where they are: whatever counts them, the facts are those of loading them, row for row.
//!
//! Servers are found by `GARDENER_TEST_SAIL` and `GARDENER_TEST_BIGQUERY` (tests/engines/servers.sh starts them); without, the tests
//! that need one say so and pass.

#![cfg_attr(not(all(feature = "sail", feature = "bigquery")), allow(dead_code, unused_imports))]

use std::{
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    process::Command,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    thread,
};

use duckdb::Connection;

use super::support::{AS_OF, Garden, data, project, text};

/// The facts that are compared, and what differs: where an entry lies, which an engine does not tell.
const FACTS: &[(&str, &str)] = &[
    ("shapes", ""),
    ("patterns", ""),
    ("pattern_minutes", ""),
    ("revision_minutes", ""),
    ("revisions", ""),
    ("service_minutes", ""),
    ("coverage", "file, is_newest_first, asked_from, asked_to"),
    ("severity_spans", ""),
    ("uncovered_minutes", ""),
    ("starts", ""),
    ("ranked_entries", "file, line"),
    ("pattern_profiles", ""),
    ("pattern_traits", ""),
    ("run_patterns", ""),
    ("run_ends", ""),
    ("fatal_patterns", ""),
    ("request_ends", ""),
    ("pattern_links", ""),
    ("incidents", ""),
    ("pattern_clusters", ""),
    ("cluster_minutes", ""),
    ("cluster_returns", ""),
    ("value_minutes", ""),
    ("revision_changes", ""),
];

/// What an engine is asked with, and what it cannot know.
struct Asked {
    arguments: Vec<String>,
    unknown: &'static [(&'static str, &'static str)],
}

fn asked(arguments: &[&str]) -> Asked {
    Asked { arguments: arguments.iter().map(|word| (*word).to_owned()).collect(), unknown: &[] }
}

fn build(garden: &Garden, db: &str, asked: &Asked) -> String {
    let mut arguments = vec!["build", "--db", db];
    arguments.extend(asked.arguments.iter().map(String::as_str));
    let output = garden.gardener(&arguments);
    assert!(output.status.success(), "{}", text(&output.stderr));
    text(&output.stderr)
}

/// A garden with `loaded.duckdb`, filled by loading, and `asked.duckdb`, filled by an engine.
fn both(entries: &str, asked: &Asked) -> Garden {
    let garden = Garden::new();
    for arguments in [&["load", entries, "--db", "loaded.duckdb"][..], &["build", "--db", "loaded.duckdb"]] {
        assert!(garden.gardener(arguments).status.success());
    }
    let said = build(&garden, "asked.duckdb", asked);
    assert!(said.contains("of NOTICE and above"), "{said}");
    garden
}

fn assert_same_facts(garden: &Garden, asked: &Asked) {
    let connection = Connection::open_in_memory().unwrap();
    for name in ["loaded", "asked"] {
        let path = garden.path(&format!("{name}.duckdb"));
        connection.execute_batch(&format!("attach '{}' as {name} (read_only)", path.display())).unwrap();
    }
    for (fact, without) in FACTS {
        let unknown = asked.unknown.iter().filter(|(name, _)| name == fact).map(|(_, columns)| *columns);
        let columns = unknown.chain([*without]).filter(|columns| !columns.is_empty()).collect::<Vec<_>>().join(", ");
        let columns = if columns.is_empty() { "*".to_owned() } else { format!("* exclude ({columns})") };
        let rows = |name: &str| format!("select {columns} from {name}.{fact}");
        let sql = format!(
            "select (select count(*) from ({loaded})), (select count(*) from ({loaded} except all {asked})), \
             (select count(*) from ({asked} except all {loaded}))",
            loaded = rows("loaded"),
            asked = rows("asked"),
        );
        let found: (i64, i64, i64) =
            connection.query_row(&sql, [], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).unwrap();
        assert_eq!((found.1, found.2), (0, 0), "`{fact}`: of {} rows so many are missing, or are too many", found.0);
        let may_be_empty = ["uncovered_minutes", "fatal_patterns", "cluster_returns"];
        assert!(found.0 > 0 || may_be_empty.contains(fact), "`{fact}` is empty");
    }
}

/// Worklogs of both, without where the entries lie and what is not fetched: what stands near a cluster, labels, the timeline.
fn assert_same_worklogs(garden: &Garden) {
    let mut told = Vec::new();
    for name in ["loaded", "asked"] {
        let (db, out) = (format!("{name}.duckdb"), format!("{name}-worklogs"));
        let output = garden.gardener(&["worklog", "--db", &db, "--out", &out, "--format", "md", "--as-of", AS_OF]);
        assert!(output.status.success(), "{}", text(&output.stderr));
        let paths = text(&output.stdout);
        let worklogs: Vec<String> =
            paths.lines().map(|path| comparable(&std::fs::read_to_string(garden.path(path)).unwrap(), name)).collect();
        assert!(!worklogs.is_empty());
        told.push(worklogs);
    }
    for (loaded, asked) in told[0].iter().zip(&told[1]) {
        let difference = loaded.lines().zip(asked.lines()).find(|(one, other)| one != other);
        assert_eq!(difference, None);
        assert_eq!(loaded.lines().count(), asked.lines().count());
    }
}

fn comparable(worklog: &str, name: &str) -> String {
    let mut kept = String::new();
    let mut section = "";
    for line in worklog.lines() {
        if line.starts_with("## ") {
            section = line;
        }
        let is_elsewhere = ["## Coverage", "## Environment"].iter().any(|heading| section.starts_with(heading));
        let is_place = line.contains(".ndjson")
            || line.contains("asked")
            || line.contains("Near it")
            || line.contains("neighbours.sql");
        if !is_elsewhere && !is_place {
            kept += &line.replace(name, "");
            kept.push('\n');
        }
    }
    kept
}

/// Where a server listens, or none, which is said.
fn server(variable: &str) -> Option<String> {
    let found = std::env::var(variable).ok();
    if found.is_none() {
        eprintln!("SKIPPED: no server in {variable}; tests/engines/servers.sh starts one");
    }
    found
}

#[test]
fn duckdb_counts_what_is_loaded() {
    let entries = data("sample.ndjson");
    let asked = asked(&["--engine", "duckdb", "--source", &entries]);
    let garden = both(&entries, &asked);
    assert_same_facts(&garden, &asked);
    assert_same_worklogs(&garden);
    // again, over itself
    build(&garden, "asked.duckdb", &asked);
    assert_same_facts(&garden, &asked);
}

#[test]
fn what_cannot_be_read_is_counted_and_said() {
    let garden = Garden::new();
    let entries = std::fs::read_to_string(data("sample.ndjson")).unwrap();
    let mut lines: Vec<&str> = entries.lines().take(300).collect();
    // copies count once, as in loading
    lines.push(lines[7]);
    lines.extend(["{\"severity\":\"ERROR\"}", "no entry", "{\"timestamp\":\"yesterday\",\"textPayload\":\"x\"}"]);
    let path = garden.write("mixed.ndjson", lines.join("\n"));
    let said = build(&garden, "asked.duckdb", &asked(&["--engine", "duckdb", "--source", &path]));
    assert!(said.contains("duckdb counted 300 entries, 3 could not be read"), "{said}");
    let output =
        garden.gardener(&["sql", "--db", "asked.duckdb", "--format", "csv", "select sum(piece_count) from rejects"]);
    assert!(text(&output.stdout).contains('3'), "{}", text(&output.stdout));
}

#[test]
fn bounds_are_stated_and_leave_nothing_behind() {
    let garden = Garden::new();
    let entries = data("sample.ndjson");
    let fails = |more: &[&str], wanted: &str| {
        let mut arguments = vec!["build", "--db", "asked.duckdb", "--engine", "duckdb", "--source", &entries];
        arguments.extend(more);
        let output = garden.gardener(&arguments);
        assert_eq!(output.status.code(), Some(2));
        assert!(text(&output.stderr).contains(wanted), "{}", text(&output.stderr));
    };
    fails(&["--messages", "20"], "more than 20 distinct messages");
    fails(&["--fetch", "100"], "are more than the 100 that are fetched at most");
    fails(&["--from", "2031-01-01"], "no log entries in");
    let count =
        garden.gardener(&["sql", "--db", "asked.duckdb", "--format", "csv", "select count(*) from raw_entries"]);
    assert!(text(&count.stdout).ends_with("0\n"), "{}", text(&count.stdout));
    // what was counted before stands
    build(&garden, "asked.duckdb", &asked(&["--engine", "duckdb", "--source", &entries]));
    fails(&["--messages", "20"], "more than 20 distinct messages");
    let count = garden.gardener(&[
        "sql",
        "--db",
        "asked.duckdb",
        "--format",
        "csv",
        "select sum(entry_count)::int from patterns",
    ]);
    assert!(text(&count.stdout).ends_with("1993\n"), "{}", text(&count.stdout));
}

#[test]
fn loaded_and_counted_entries_are_not_mixed() {
    let garden = Garden::new();
    let entries = data("sample.ndjson");
    assert!(garden.gardener(&["load", &entries]).status.success());
    let output = garden.gardener(&["build", "--engine", "duckdb", "--source", &entries]);
    assert!(text(&output.stderr).contains("holds entries that were loaded"), "{}", text(&output.stderr));
    build(&garden, "asked.duckdb", &asked(&["--engine", "duckdb", "--source", &entries]));
    let output = garden.gardener(&["load", &entries, "--db", "asked.duckdb"]);
    assert!(text(&output.stderr).contains("holds what an engine counted"), "{}", text(&output.stderr));
}

#[test]
fn a_window_is_counted_alone() {
    let garden = Garden::new();
    let entries = data("sample.ndjson");
    let window = ["--engine", "duckdb", "--source", &entries, "--from", "2025-09-13", "--to", "2025-09-14"];
    build(&garden, "asked.duckdb", &asked(&window));
    assert!(garden.gardener(&["load", &entries]).status.success());
    let sql = "select count(*) from raw_entries where entry_at >= '2025-09-13' and entry_at < '2025-09-14'";
    let wanted = garden.number(sql);
    let found = garden.gardener(&[
        "sql",
        "--db",
        "asked.duckdb",
        "--format",
        "csv",
        "select sum(entry_count)::int from patterns",
    ]);
    assert!(text(&found.stdout).ends_with(&format!("\n{wanted}\n")), "{}", text(&found.stdout));
}

#[cfg(feature = "sail")]
#[test]
fn sail_counts_what_is_loaded() {
    let Some(url) = server("GARDENER_TEST_SAIL") else { return };
    let entries = data("sample.ndjson");
    let asked = asked(&["--engine", "sail", "--url", &url, "--source", &entries]);
    let garden = both(&entries, &asked);
    assert_same_facts(&garden, &asked);
    assert_same_worklogs(&garden);
}

#[cfg(feature = "sail")]
#[test]
fn a_sail_server_that_goes_away_leaves_the_database_as_it_was() {
    let Some(url) = server("GARDENER_TEST_SAIL") else { return };
    let garden = Garden::new();
    let entries = data("sample.ndjson");
    build(&garden, "asked.duckdb", &asked(&["--engine", "sail", "--url", &url, "--source", &entries]));
    let whole = pass_on(url.trim_start_matches("grpc://"), u64::MAX);
    build(&garden, "asked.duckdb", &asked(&["--engine", "sail", "--url", &whole.url, "--source", &entries]));
    let bytes = whole.moved.load(Ordering::SeqCst);
    for share in [5, 40, 70, 95] {
        let cut = pass_on(url.trim_start_matches("grpc://"), bytes * share / 100);
        let output = garden.gardener(&[
            "build",
            "--db",
            "asked.duckdb",
            "--engine",
            "sail",
            "--url",
            &cut.url,
            "--source",
            &entries,
        ]);
        assert_eq!(output.status.code(), Some(2), "{share} %: {}", text(&output.stderr));
        let count = garden.gardener(&[
            "sql",
            "--db",
            "asked.duckdb",
            "--format",
            "csv",
            "select sum(entry_count)::int from patterns",
        ]);
        assert!(text(&count.stdout).ends_with("\n1993\n"), "{share} %: {}", text(&count.stdout));
    }
    let output = garden.gardener(&["build", "--engine", "sail", "--url", &url, "--source", "/nowhere/at/all.json"]);
    assert!(text(&output.stderr).contains("/nowhere/at/all.json"), "{}", text(&output.stderr));
}

struct Passage {
    url: String,
    moved: Arc<AtomicU64>,
}

/// Passes on what goes to a server and comes back, and breaks off after so many bytes of answers.
fn pass_on(server: &str, most: u64) -> Passage {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("grpc://{}", listener.local_addr().unwrap());
    let moved = Arc::new(AtomicU64::new(0));
    let (server, counted) = (server.to_owned(), Arc::clone(&moved));
    thread::spawn(move || {
        for client in listener.incoming().flatten() {
            let Ok(other) = TcpStream::connect(&server) else { continue };
            let (mut from, mut to) = (client.try_clone().unwrap(), other.try_clone().unwrap());
            thread::spawn(move || std::io::copy(&mut from, &mut to));
            let (mut answers, mut back) = (other, client);
            let counted = Arc::clone(&counted);
            thread::spawn(move || {
                let mut buffer = vec![0; 4_096];
                while let Ok(length @ 1..) = answers.read(&mut buffer) {
                    if counted.fetch_add(length as u64, Ordering::SeqCst) + length as u64 > most {
                        break;
                    }
                    if back.write_all(&buffer[..length]).is_err() {
                        break;
                    }
                }
                let _ = (back.shutdown(std::net::Shutdown::Both), answers.shutdown(std::net::Shutdown::Both));
            });
        }
    });
    Passage { url, moved }
}

/// Lays the tables of a sink and a view of Log Analytics; answers their names.
fn bigquery_tables(url: &str, entries: &str) -> Vec<String> {
    let script = project().join("tests/engines/bigquery_tables.py");
    let output = Command::new("python3").arg(script).args([entries, "--endpoint", url]).output().unwrap();
    assert!(output.status.success(), "{}", text(&output.stderr));
    text(&output.stdout).lines().map(str::to_owned).collect()
}

#[cfg(feature = "bigquery")]
#[test]
fn bigquery_counts_what_is_loaded() {
    let Some(url) = server("GARDENER_TEST_BIGQUERY") else { return };
    // BigQuery keeps times to the microsecond
    let whole = std::fs::read_to_string(data("sample.ndjson")).unwrap();
    let finer = regex::Regex::new(r#"([Tt]imestamp":"[-0-9T:]{19}\.[0-9]{6})[0-9]+Z"#).unwrap();
    let source = Garden::new();
    let entries = source.write("sample.ndjson", finer.replace_all(&whole, "${1}Z").as_ref());
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
    let garden = Garden::new();
    let mut arguments = vec!["build", "--engine", "bigquery", "--url", &url, "--project", "test", "--dry-run"];
    arguments.extend(["--source", "test.analytics._AllLogs"]);
    let output = garden.gardener(&arguments);
    assert!(text(&output.stdout).contains("together: "), "{}{}", text(&output.stdout), text(&output.stderr));
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
