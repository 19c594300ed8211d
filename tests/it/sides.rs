//! `gardener compare`: sides and their words, formats, verdicts as an exit status, the same by SQL.

use super::support::{Garden, data, text};

fn garden() -> Garden {
    let config = data("gardener.toml");
    Garden::of(&["sample.ndjson"], &["--config", &config])
}

fn compare(garden: &Garden, arguments: &[&str]) -> String {
    let output = garden.gardener(&[&["compare"], arguments].concat());
    assert!(output.status.success(), "{}", text(&output.stderr));
    text(&output.stdout)
}

#[test]
fn sides_are_named_in_many_ways() {
    let garden = garden();
    let by_part = compare(&garden, &["00610", "00611"]);
    for words in [["previous", "latest"], ["orchard-backend-staging-00610-wq7", "cr5"], ["previous", "00611-cr5"]] {
        assert_eq!(compare(&garden, &words).replace("latest", ""), by_part, "{words:?}");
    }
    assert!(by_part.starts_with("orchard-backend-staging\n  base    orchard-backend-staging-00610-wq7\n"), "{by_part}");
    let days = compare(&garden, &["2025-09-13", "2025-09-14", "--service", "orchard-backend-staging"]);
    assert!(days.contains("base    2025-09-13\n          2025-09-13 00:00 UTC to 2025-09-14 00:00 UTC"), "{days}");
    let times = compare(&garden, &["2025-09-13T10:00..2025-09-13T12:00", "2025-09-14"]);
    assert!(times.contains("2025-09-13 10:00 UTC to 2025-09-13 12:00 UTC"), "{times}");
    let file = compare(&garden, &["2025-09-13", "sample"]);
    assert!(file.contains("target  sample.ndjson\n          2025-09-12 00:10 UTC"), "{file}");
    let berlin = compare(&garden, &["2025-09-13", "2025-09-14", "--tz", "Europe/Berlin"]);
    assert!(berlin.contains("2025-09-13 00:00 CEST"), "{berlin}");
}

#[test]
fn words_that_mean_nothing_or_too_much_are_refused() {
    let garden = garden();
    for (words, message) in [
        (["00999", "latest"], "no revision or file is called `00999`"),
        (["staging", "latest"], "`staging` matches"),
        (["00610", "00102"], "no service has both sides"),
        (["2020-01-01", "latest"], "no entries in `2020-01-01`"),
        (["2025-09-14..2025-09-13", "latest"], "ends before it begins"),
        (["2025-09-14..nonsense", "latest"], "cannot read the time `nonsense`"),
    ] {
        let output = garden.gardener(&["compare", words[0], words[1]]);
        assert_eq!(output.status.code(), Some(2), "{words:?}");
        assert!(text(&output.stderr).contains(message), "{words:?}: {}", text(&output.stderr));
        assert!(output.stdout.is_empty());
    }
}

#[test]
fn the_failures_that_came_with_a_revision_are_new() {
    let garden = garden();
    let rows: Vec<serde_json::Value> = {
        let json = compare(&garden, &["00610", "00611", "--format", "json"]);
        let document: serde_json::Value = serde_json::from_str(&json).unwrap();
        document["pairs"][0]["changes"].as_array().unwrap().clone()
    };
    let new: Vec<&str> =
        rows.iter().filter(|row| row["verdict"] == "new").map(|row| row["template"].as_str().unwrap()).collect();
    assert_eq!(new.len(), 5, "{new:?}");
    assert!(new[0].contains("CRITICAL_AUTH_FAILURE"), "{new:?}");
    let first = &rows[0];
    // no event in the base: a bound and no ratio
    assert!(first["ratio"].is_null() && first["ratio_upper"].is_null());
    assert!(first["ratio_lower"].as_f64().unwrap() > 1.25);
    assert_eq!(first["exposure_unit"], "requests");
    assert_eq!(first["base_count"], 0);
    assert_eq!(first["target_count"], 14);
    let requests = garden.number(
        "select count(*) from entries where kind = 'request' and revision = 'orchard-backend-staging-00610-wq7'",
    );
    assert!((first["base_exposure"].as_f64().unwrap() - requests as f64).abs() < 1.0, "{first} {requests}");
    let markdown = compare(&garden, &["00610", "00611", "--format", "markdown"]);
    assert!(markdown.contains("| new | ERROR | "), "{markdown}");
    let csv = compare(&garden, &["00610", "00611", "--patterns", "--format", "csv"]);
    assert_eq!(csv.lines().count(), rows.len() + 1);
    // all of them are one problem
    let csv = compare(&garden, &["00610", "00611", "--format", "csv"]);
    let new: Vec<&str> = csv.lines().filter(|line| line.split(',').nth(2) == Some("new")).collect();
    assert_eq!(new.len(), 1, "{csv}");
    assert!(new[0].ends_with(",tngr8gyaswg0,Critical Service Authentication Failures"), "{csv}");
}

#[test]
fn verdicts_decide_the_exit_status_if_asked_to() {
    let garden = garden();
    let status = |more: &[&str]| garden.gardener(&[&["compare", "00610", "00611"], more].concat()).status.code();
    assert_eq!(status(&[]), Some(0));
    assert_eq!(status(&["--fail-on", "worse,new"]), Some(1));
    assert_eq!(status(&["--fail-on", "gone"]), Some(0));
    assert_eq!(status(&["--fail-on", "nonsense"]), Some(2));
}

#[test]
fn sql_the_command_and_the_stored_table_say_the_same() {
    let garden = garden();
    let columns = "service, pattern_id, verdict, base_count, target_count, ratio, ratio_lower, ratio_upper, q";
    let macros = format!("select {columns} from compare_revisions('00610', '00611') order by pattern_id");
    let by_macro = garden.query(&macros);
    assert!(by_macro.len() >= 8);
    let revision = "orchard-backend-staging-00611-cr5";
    let stored = format!("select {columns} from revision_changes where revision = '{revision}' order by pattern_id");
    assert_eq!(garden.query(&stored), by_macro);
    let json = compare(&garden, &["00610", "00611", "--format", "json"]);
    let document: serde_json::Value = serde_json::from_str(&json).unwrap();
    let mut rows = document["pairs"][0]["changes"].as_array().unwrap().clone();
    rows.sort_by_key(|row| row["pattern_id"].as_str().unwrap().to_owned());
    for (row, other) in rows.iter().zip(&by_macro) {
        for column in columns.split(", ") {
            assert_eq!(row[column], other[column], "{column}");
        }
    }
    let problems = garden.query(&format!(
        "select {columns} from compare_revisions('00610', '00611', subject := 'problem') order by pattern_id"
    ));
    let mut rows = document["pairs"][0]["problems"].as_array().unwrap().clone();
    rows.sort_by_key(|row| row["pattern_id"].as_str().unwrap().to_owned());
    assert_eq!(rows.len(), problems.len());
    for (row, other) in rows.iter().zip(&problems) {
        assert_eq!((&row["verdict"], &row["q"]), (&other["verdict"], &other["q"]));
    }
    let windows = "select count(*) from compare_windows('2025-09-13', '2025-09-14', '2025-09-14', '2025-09-15')";
    assert!(garden.number(windows) > 5);
}

#[test]
fn lists_and_closer_looks_agree_with_the_entries() {
    let garden = garden();
    let clusters = garden.gardener(&["clusters", "--format", "json", "--service", "orchard-backend-staging"]);
    let clusters: Vec<serde_json::Value> = serde_json::from_slice(&clusters.stdout).unwrap();
    for cluster in &clusters {
        let counts: i64 = cluster["counts"].as_array().unwrap().iter().map(|count| count.as_i64().unwrap()).sum();
        assert_eq!(Some(counts), cluster["entry_count"].as_i64());
    }
    let total: i64 = clusters.iter().map(|cluster| cluster["entry_count"].as_i64().unwrap()).sum();
    assert_eq!(
        total,
        garden.number(
            "select count(*) from entries where service = 'orchard-backend-staging' and severity_number >= 300"
        )
    );
    let patterns = garden.gardener(&["patterns", "--format", "csv", "--limit", "3"]);
    assert_eq!(text(&patterns.stdout).lines().count(), 4);
    let id = clusters[0]["cluster_id"].as_str().unwrap();
    let shown = garden.gardener(&["show", id, "--format", "json"]);
    let shown: serde_json::Value = serde_json::from_slice(&shown.stdout).unwrap();
    assert_eq!(shown["cluster"]["entry_count"], clusters[0]["entry_count"]);
    assert!(!shown["cluster"]["priority_reasons"].as_array().unwrap().is_empty());
    let hours: i64 =
        shown["cluster"]["hours"][0]["counts"].as_array().unwrap().iter().map(|count| count.as_i64().unwrap()).sum();
    assert_eq!(Some(hours), clusters[0]["entry_count"].as_i64());
    let words = text(&garden.gardener(&["show", "CRITICAL_AUTH_FAILURE"]).stdout);
    assert!(words.contains("because of\n    rule ") && words.contains("from revision to revision"), "{words}");
}

/// Requests of two revisions, so many a minute for three hours; `slow` says which share takes ten times as long.
fn requests(failing: usize, slow: usize) -> String {
    let mut lines = String::new();
    for (revision, first, failing, slow) in [("00001-aaa", 0, 1, 2), ("00002-bbb", 10_800, failing, slow)] {
        for number in 0..3_600_i64 {
            let time = jiff::Timestamp::from_second(1_748_736_000 + first + number * 3).unwrap();
            // spread by a step that meets each share evenly
            let place = (number * 37 % 100) as usize;
            let (status, severity) = if place < failing { (500, "ERROR") } else { (200, "INFO") };
            let latency = if (number * 61 % 100) < slow as i64 { "1.2s" } else { "0.12s" };
            let entry = serde_json::json!({
                "insertId": format!("{revision}-{number}"), "timestamp": time.to_string(), "severity": severity,
                "httpRequest": {"requestMethod": "GET", "requestUrl": "https://pier.example/boats", "status": status,
                    "latency": latency},
                "labels": {"instanceId": format!("{revision}-{}", number % 3)},
                "logName": "projects/p/logs/run.googleapis.com%2Frequests",
                "resource": {"type": "cloud_run_revision", "labels": {"service_name": "pier",
                    "revision_name": format!("pier-{revision}"), "project_id": "p"}},
            });
            lines += &(entry.to_string() + "\n");
        }
    }
    lines
}

fn measures(failing: usize, slow: usize) -> Vec<(String, String, f64)> {
    let garden = Garden::new();
    let file = garden.write("requests.ndjson", requests(failing, slow));
    for arguments in [vec!["load", &file], vec!["build"]] {
        assert!(garden.gardener(&arguments).status.success());
    }
    let json = compare(&garden, &["previous", "latest", "--format", "json"]);
    let document: serde_json::Value = serde_json::from_str(&json).unwrap();
    let text = |row: &serde_json::Value, key: &str| row[key].as_str().unwrap().to_owned();
    let rows = document["pairs"][0]["requests"].as_array().unwrap();
    rows.iter().map(|row| (text(row, "measure"), text(row, "verdict"), row["ratio"].as_f64().unwrap())).collect()
}

#[test]
fn latency_and_failed_requests_are_compared_too() {
    let same = measures(1, 2);
    assert_eq!(same.len(), 4);
    assert!(same.iter().all(|(_, verdict, _)| verdict == "same"), "{same:?}");
    let worse = measures(4, 10);
    let of = |measure: &str| worse.iter().find(|(name, ..)| name == measure).unwrap();
    let (_, verdict, ratio) = of("requests that end with 5xx");
    assert_eq!((verdict.as_str(), *ratio), ("worse", 4.0));
    assert_eq!(of("latency, median").1, "same");
    let (_, verdict, ratio) = of("latency, 95 %");
    assert!(verdict == "worse" && (9.0..11.0).contains(ratio), "{worse:?}");
}
