//! What leads to a failure: the program's last lines, what came before, and what is told quietly.

use serde_json::{Value, json};

use super::support::{Garden, text};

/// An entry of the service `till`, at a second of a quiet day.
fn entry(second: i64, instance: &str, log: &str, severity: Option<&str>, said: &str) -> Value {
    let (hour, minute, rest) = (10 + second / 3_600, second / 60 % 60, second % 60);
    let mut entry = json!({
        "insertId": format!("{instance}-{log}-{second}-{}", said.len()),
        "timestamp": format!("2025-06-10T{hour:02}:{minute:02}:{rest:02}Z"),
        "logName": format!("projects/p/logs/run.googleapis.com%2F{log}"),
        "resource": {"type": "cloud_run_revision", "labels": {
            "project_id": "p", "service_name": "till", "revision_name": "till-00001-abc", "location": "europe-west1",
        }},
        "labels": {"instanceId": instance},
        "textPayload": said,
    });
    if let Some(severity) = severity {
        entry["severity"] = severity.into();
    }
    entry
}

fn garden_of(entries: &[Value]) -> Garden {
    let garden = Garden::new();
    let lines: Vec<String> = entries.iter().map(Value::to_string).collect();
    let export = garden.write("export.ndjson", lines.join("\n"));
    let output = garden.gardener(&["run", &export]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    garden
}

const SYSTEM: &str = "varlog%2Fsystem";

#[test]
fn what_the_program_wrote_before_its_exit_names_the_cluster() {
    let mut entries = Vec::new();
    for start in 0..3 {
        let (second, instance) = (60 * start, format!("i{start}"));
        entries.push(entry(second, &instance, "stdout", None, "Reading the price list"));
        entries.push(entry(second + 2, &instance, "stderr", None, "Error: the price list has no column 'tea'"));
        entries.push(entry(second + 3, &instance, SYSTEM, Some("WARNING"), "Container called exit(1)."));
    }
    let garden = garden_of(&entries);
    let worklog = garden.worklog("WORKLOG");
    let summary = worklog.section("## Executive Summary");
    assert!(summary.contains("P0: Container exits: Error: the price list has no column 'tea'"), "{summary}");
    assert_eq!(worklog.text.matches("## Issue Cluster").count(), 1, "{}", worklog.text);
    assert!(!worklog.text.contains("logged last"));
    // the archive answers what the instance logged: nobody is sent to read it
    assert!(!worklog.text.contains("gcloud logging read"));
}

#[test]
fn without_a_failure_of_its_own_the_last_lines_are_quoted() {
    let mut entries: Vec<Value> =
        (1..8).map(|step| entry(30 * step, "i", "stdout", Some("DEBUG"), &format!("Loading shelf {step}"))).collect();
    entries.push(entry(215, "i", SYSTEM, Some("ERROR"), "Container called exit(137)."));
    let garden = garden_of(&entries);
    let worklog = garden.worklog("WORKLOG");
    let last = worklog.section("### What instances logged last");
    assert!(last.contains("- `Loading shelf 7`, 5.0 s before, 7 times, one every 30.0 s"), "{last}");
    assert!(worklog.section("## Executive Summary").contains("Last line before it: `Loading shelf 7`."));
}

/// Two hours of like lines; after 100 minutes one that comes once, and failures.
fn archive_with(rare: &str, rare_second: i64) -> Garden {
    let mut entries: Vec<Value> =
        (0..240).map(|at| entry(30 * at, "i", "stdout", Some("INFO"), &format!("sold cup {at}"))).collect();
    entries.push(entry(rare_second, "i", "stdout", Some("INFO"), rare));
    for at in 0..5 {
        entries.push(entry(6_010 + 30 * at, "i", "stderr", Some("ERROR"), &format!("no change for order {at}")));
    }
    garden_of(&entries)
}

#[test]
fn a_line_said_once_right_before_is_named() {
    let worklog = archive_with("cash drawer is now locked by the owner", 6_003).worklog("WORKLOG");
    let before = worklog.section("### Before it began");
    assert!(
        before.contains("`cash drawer is now locked by the owner`") && before.contains("7.0 s before it"),
        "{before}"
    );
    let worklog = archive_with("cash drawer is now locked by the owner", 3_003).worklog("WORKLOG");
    assert!(!worklog.text.contains("Before it began"));
}

#[test]
fn a_failure_told_at_info_is_named_and_makes_no_cluster() {
    let mut entries: Vec<Value> = (0..4)
        .map(|at| entry(at, "i", "stdout", Some("INFO"), &format!("Failed to fetch price {at}: denied")))
        .collect();
    entries.push(entry(9, "i", "stdout", Some("INFO"), "4 prices asked for, 0 failed"));
    let garden = garden_of(&entries);
    let worklog = garden.worklog("WORKLOG");
    assert!(
        worklog
            .section("## Failures Logged Below NOTICE")
            .contains("`Failed to fetch price <*>: denied` (INFO), 4 events")
    );
    assert!(!worklog.text.contains("## Issue Cluster"));
    assert!(!worklog.text.contains("0 failed"));
}

#[test]
fn a_brief_keeps_its_bound_and_names_the_ids() {
    let garden = Garden::of(&["incident.json"], &[]);
    let brief = |more: &[&str]| text(&garden.gardener(&[&["brief"], more].concat()).stdout);
    let whole = brief(&[]);
    let short = brief(&["--tokens", "300"]);
    assert!(short.len() < whole.len() && short.contains("more clusters: `gardener clusters`"), "{short}");
    let first = short.lines().find(|line| line.starts_with("P0 ")).unwrap();
    let id = first.split(' ').nth(1).unwrap();
    assert!(garden.gardener(&["show", id]).status.success());
    let json: Value = serde_json::from_str(&brief(&["--format", "json"])).unwrap();
    assert_eq!(json[0]["clusters"][0]["cluster_id"], id);
    assert_eq!(json[0]["text"], whole);
    assert!(brief(&["--format", "markdown"]).contains("- **P0: "));
}

#[test]
fn several_services_get_an_overview_and_files_whose_names_stay() {
    let garden = Garden::of(&["sample.ndjson"], &[]);
    let overview = std::fs::read_to_string(garden.path("worklogs/services.md")).unwrap();
    let services = garden.number("select count(distinct service) from entries");
    assert_eq!(overview.lines().filter(|line| line.contains("](GCP-LOG-GARDENER-WORKLOG-")).count() as i64, services);
    assert!(garden.path("worklogs/services.html").is_file());
    let latest = std::fs::read_to_string(garden.path("worklogs/latest-orchard-backend-staging.md")).unwrap();
    assert!(garden.worklogs().iter().any(|(_, text)| *text == latest));
    let single = Garden::of(&["incident.json"], &[]);
    assert!(single.path("worklogs/latest.html").is_file() && !single.path("worklogs/services.md").exists());
}
