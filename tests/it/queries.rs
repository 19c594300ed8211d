//! `gardener queries`: each that is built in answers rightly over the sample archive; saved ones are kept and run.

use std::sync::LazyLock;

use serde_json::Value;

use super::support::{Garden, project, text};

static GARDEN: LazyLock<Garden> = LazyLock::new(|| {
    Garden::of(&["sample.ndjson"], &["--config", &project().join("data/gardener.toml").display().to_string()])
});

fn rows(name: &str, params: &[&str]) -> Vec<Value> {
    let mut arguments = vec!["queries", name, "--format", "json"];
    params.iter().for_each(|param| arguments.extend(["--param", param]));
    let output = GARDEN.gardener(&arguments);
    assert!(output.status.success(), "{name}: {}", text(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

fn sum(rows: &[Value], column: &str) -> i64 {
    rows.iter().map(|row| row[column].as_i64().unwrap()).sum()
}

fn column<'a>(rows: &'a [Value], column: &str) -> Vec<&'a str> {
    rows.iter().map(|row| row[column].as_str().unwrap()).collect()
}

#[test]
fn top_clusters_of_day() {
    let last = rows("top_clusters_of_day", &[]);
    assert_eq!(last, rows("top_clusters_of_day", &["day=2025-09-14"]));
    let counted = GARDEN.number(
        "select count(*) from entries as e join pattern_clusters as c on e.service = c.service and e.pattern_id = c.pattern_id \
         where e.entry_at::date = '2025-09-14'",
    );
    assert_eq!(sum(&last, "entry_count"), counted);
    assert_eq!(last[0]["name"], "SSOT Manager Duplication Warnings");
    assert!(last.is_sorted_by_key(|row| -row["entry_count"].as_i64().unwrap()));
    assert!(column(&last, "first_at").iter().all(|at| at.starts_with("2025-09-14")));
    assert!(rows("top_clusters_of_day", &["day=2024-01-01"]).is_empty());
}

#[test]
fn entries_of_trace() {
    let trace = "24dcfecb0e2f31348054e3bfe8b082a3";
    let found = rows("entries_of_trace", &[&format!("trace={trace}")]);
    assert_eq!(found.len(), 5);
    assert!(found.is_sorted_by_key(|row| row["entry_at"].as_str().unwrap().to_owned()));
    assert_eq!(found, rows("entries_of_trace", &[&format!("trace=projects/orchard-staging/traces/{trace}")]));
    assert!(rows("entries_of_trace", &["trace=b082a3"]).is_empty());
}

#[test]
fn message_by_hour() {
    let found = rows("message_by_hour", &["text=NOT authenticated"]);
    let counted = GARDEN.number("select count(*) from entries where message ilike '%not authenticated%'");
    assert_eq!(sum(&found, "entry_count"), counted);
    assert_eq!((found.first().unwrap()["hour"].as_str(), found.len()), (Some("2025-09-12 01:00:00"), 62));
    assert!(found.iter().any(|row| row["entry_count"] == 0 && row["bar"] == ""));
    assert!(rows("message_by_hour", &["text=100%"]).is_empty());
}

#[test]
fn users_hit() {
    let found = rows("users_hit", &["pattern=me7vr"]);
    assert_eq!(
        (found.len(), &found[0]["user_name"], &found[0]["entry_count"]),
        (1, &"service:orchard-backend".into(), &20.into())
    );
    // in a field of the payload too
    let pattern =
        GARDEN.query("select pattern_id from entries where \"user\" = 'user-0027' limit 1")[0]["pattern_id"].clone();
    let pattern = pattern.as_str().unwrap();
    let named = rows("users_hit", &[&format!("pattern={pattern}")]);
    let sql = format!("select count(*) from entries where \"user\" = 'user-0027' and pattern_id = '{pattern}'");
    let user = named.iter().find(|row| row["user_name"] == "user-0027").unwrap();
    assert_eq!(user["entry_count"], GARDEN.number(&sql));
}

#[test]
fn first_entry_of_pattern() {
    let found = rows("first_entry_of_pattern", &["pattern=me7vres0j793"]);
    assert_eq!(found.len(), 1);
    let first = GARDEN.query("select min(entry_at) as at from entries where pattern_id = 'me7vres0j793'");
    assert_eq!(found[0]["entry_at"], first[0]["at"]);
    let services = rows("first_entry_of_pattern", &["pattern=q81h7swna23c"]);
    assert_eq!(column(&services, "service").len(), 2);
}

#[test]
fn slowest_endpoints() {
    let found = rows("slowest_endpoints", &[]);
    assert_eq!(found[0]["endpoint"], "POST /api/agents/run");
    assert!(found.is_sorted_by(|a, b| a["p95_ms"].as_f64() >= b["p95_ms"].as_f64()));
    assert!(found.iter().all(|row| row["request_count"].as_i64() >= Some(10)));
    let all = rows("slowest_endpoints", &["at_least=1"]);
    let requests = "select count(*) from entries where kind = 'request' and http_latency_ns is not null";
    assert_eq!(sum(&all, "request_count"), GARDEN.number(requests));
}

#[test]
fn errors_by_revision() {
    let found = rows("errors_by_revision", &[]);
    assert_eq!(
        sum(&found, "error_count"),
        GARDEN.number("select count(*) from entries where effective_severity >= 'ERROR'::severity_name")
    );
    let last = found.iter().find(|row| row["revision"] == "orchard-backend-staging-00611-cr5").unwrap();
    assert_eq!((&last["entry_count"], &last["error_count"]), (&839.into(), &159.into()));
    assert_eq!(last["error_percent"], 18.95);
}

#[test]
fn noisiest_patterns() {
    let found = rows("noisiest_patterns", &["limit=1000"]);
    assert_eq!(sum(&found, "entry_count"), GARDEN.number("select count(*) from entries"));
    assert_eq!(rows("noisiest_patterns", &[])[..], found[..20]);
    assert!(found.is_sorted_by_key(|row| -row["entry_count"].as_i64().unwrap()));
    let severe = rows("noisiest_patterns", &["severity=error"]);
    assert!(
        !severe.is_empty()
            && column(&severe, "severity").iter().all(|severity| ["ERROR", "CRITICAL"].contains(severity))
    );
}

#[test]
fn quiet_hours() {
    let found = rows("quiet_hours", &["minutes=40"]);
    assert_eq!(
        (found[0]["quiet_minutes"].as_i64(), found[0]["from_at"].as_str()),
        (Some(43), Some("2025-09-12 21:08:00"))
    );
    for row in &found {
        let (from, to) = (row["from_at"].as_str().unwrap(), row["to_at"].as_str().unwrap());
        let within = format!(
            "select count(*) from entries where service = '{}' and entry_at >= '{from}' and entry_at < '{to}'",
            row["service"].as_str().unwrap()
        );
        assert_eq!(GARDEN.number(&within), 0, "{row}");
    }
    assert!(rows("quiet_hours", &[]).len() > found.len());
}

#[test]
fn requests_by_status() {
    let found = rows("requests_by_status", &[]);
    assert_eq!(sum(&found, "request_count"), GARDEN.number("select count(*) from entries where kind = 'request'"));
    assert_eq!(
        (&found[1]["http_status"], &found[1]["request_count"], &found[1]["percent_of_requests"]),
        (&429.into(), &17.into(), &11.11.into())
    );
}

#[test]
fn queries_are_listed_shown_and_saved() {
    let garden = &*GARDEN;
    let run = |arguments: &[&str]| garden.gardener(arguments);
    let saved = run(&[
        "sql",
        "--save",
        "errors_of",
        "-- Errors of a service.\n-- param service: its name\nselect count(*) as n from entries where service = $service and severity = 'ERROR'",
    ]);
    assert!(saved.status.success() && saved.stdout.is_empty(), "{}", text(&saved.stderr));
    assert!(garden.path("queries/errors_of.sql").is_file());
    let again = run(&["sql", "--save", "errors_of", "select 1"]);
    assert_eq!(again.status.code(), Some(2));
    assert!(text(&again.stderr).contains("hint: `--force` replaces it"));
    let list: Vec<Value> = serde_json::from_slice(&run(&["queries", "--format", "json"]).stdout).unwrap();
    let mine = list.iter().find(|row| row["query"] == "errors_of").unwrap();
    assert_eq!(
        (&mine["from"], &mine["takes"], &mine["answers"]),
        (&"saved".into(), &"service".into(), &"Errors of a service.".into())
    );
    assert_eq!(list.len(), 14);
    assert!(text(&run(&["queries"]).stdout).contains("[severity], [limit]"));
    let rows = rows("errors_of", &["service=orchard-backend-staging"]);
    assert_eq!(rows[0]["n"], GARDEN.number("select count(*) from entries where severity = 'ERROR'"));
    let shown = text(&run(&["queries", "quiet_hours", "--show"]).stdout);
    assert_eq!(shown, std::fs::read_to_string(project().join("sql/queries/quiet_hours.sql")).unwrap());
    for (arguments, said) in [
        (vec!["queries", "quiet_hour"], "did you mean `quiet_hours`?"),
        (vec!["queries", "users_hit"], "`--param pattern=...`: the id of a pattern, or the start of one"),
        (vec!["queries", "quiet_hours", "--param", "minute=5"], "did you mean `minutes`?"),
        (vec!["sql", "--save", "../x", "select 1"], "is not a valid query name"),
    ] {
        let output = run(&arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(text(&output.stderr).contains(said), "{}", text(&output.stderr));
    }
}
