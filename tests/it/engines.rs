//! Entries that stay where they are: whatever counts them, the facts are those of loading them, row for row.
//!
//! Servers are found by `GARDENER_TEST_SAIL` and `GARDENER_TEST_BIGQUERY` (tests/engines/servers.sh starts them); without, the tests
//! that need one say so and pass.

#[cfg(feature = "bigquery")]
mod bigquery;
#[cfg(feature = "sail")]
mod sail;

use duckdb::Connection;

use super::support::{AS_OF, Garden, data, text, without_salt};

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

/// Facts that the sample archive has no rows of.
const SAMPLE_LACKS: [&str; 1] = ["fatal_patterns"];

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

/// The sample archive, and one that is made: of 5,000 entries, or as many as `GARDENER_TEST_ENTRIES` says.
fn archives(garden: &Garden) -> [String; 2] {
    let count = std::env::var("GARDENER_TEST_ENTRIES").unwrap_or_else(|_| "5000".to_owned());
    let made = garden.gardener(&["sample", "--entries", &count, "--days", "1"]);
    assert!(made.status.success(), "{}", text(&made.stderr));
    [data("sample.ndjson"), garden.write("made.ndjson", made.stdout)]
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

/// Answers which of the facts have no rows on either side.
fn assert_same_facts(garden: &Garden, asked: &Asked) -> Vec<&'static str> {
    let connection = Connection::open_in_memory().unwrap();
    for name in ["loaded", "asked"] {
        let path = garden.path(&format!("{name}.duckdb"));
        connection.execute_batch(&format!("attach '{}' as {name} (read_only)", path.display())).unwrap();
    }
    let mut empty = Vec::new();
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
        if found.0 == 0 {
            empty.push(*fact);
        }
    }
    empty
}

/// How many entries a database tells of, counted or loaded.
fn told(garden: &Garden, db: &str) -> u64 {
    let sql = "select coalesce(sum(entry_count), 0)::bigint from patterns";
    let output = garden.gardener(&["sql", "--db", db, "--format", "csv", sql]);
    text(&output.stdout).lines().nth(1).and_then(|count| count.parse().ok()).unwrap()
}

/// Worklogs of both, without where the entries lie, what stands near a cluster and labels: these are of what was fetched.
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
    let worklog = without_salt(worklog);
    let mut kept = String::new();
    let (mut is_coverage, mut is_environment) = (false, false);
    for line in worklog.lines() {
        if line.starts_with("## ") {
            is_coverage = line == "## Coverage";
        }
        if line.starts_with('#') {
            is_environment = line == "### Service Environment";
        }
        let is_place = line.starts_with("Entry ") && line.contains(" of `");
        let is_near = line.starts_with("- **Correlation:**") && line.contains("on the same instance");
        let is_known = ["Location", "Project", "Service", "Revision"]
            .iter()
            .any(|name| line.starts_with(&format!("- **{name}:**")));
        let is_label = is_environment && line.starts_with("- **") && !is_known;
        // the tables of a sink have no `@type`
        let is_ellipsis = line.trim_start().starts_with("\"…\": ");
        if !is_coverage && !is_place && !is_near && !is_label && !is_ellipsis {
            kept += &line.replace(&format!("{name}.duckdb"), "a.duckdb");
            kept.push('\n');
        }
    }
    kept
}

/// Where a server listens, or none, which is said.
#[cfg(any(feature = "bigquery", feature = "sail"))]
fn server(variable: &str) -> Option<String> {
    let found = std::env::var(variable).ok();
    if found.is_none() {
        assert!(std::env::var_os("GARDENER_TEST_ENGINES").is_none(), "no server in {variable}");
        eprintln!("SKIPPED: no server in {variable}; tests/engines/servers.sh starts one");
    }
    found
}

#[test]
fn duckdb_counts_what_is_loaded() {
    for entries in archives(&Garden::new()) {
        let asked = asked(&["--engine", "duckdb", "--source", &entries]);
        let garden = both(&entries, &asked);
        let empty = assert_same_facts(&garden, &asked);
        // nothing is compared of nothing
        assert!(!entries.ends_with("sample.ndjson") || empty == SAMPLE_LACKS, "{empty:?}");
        assert_same_worklogs(&garden);
        // again, over itself
        build(&garden, "asked.duckdb", &asked);
        assert_same_facts(&garden, &asked);
    }
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
    // an array is no entry
    let path = garden.write("array.json", format!("[{}]", lines[..20].join(",")));
    let output = garden.gardener(&["build", "--db", "array.duckdb", "--engine", "duckdb", "--source", &path]);
    assert!(text(&output.stderr).contains("`gardener load` reads every format"), "{}", text(&output.stderr));
    assert_eq!(output.status.code(), Some(2));
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
    assert_eq!(told(&garden, "asked.duckdb"), 1_993);
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
    assert_eq!(told(&garden, "asked.duckdb"), wanted as u64);
}
