//! Weeks of a service: states as they were known, histories, what changed since, what comes together.

use std::fmt::Write;

use serde_json::json;

use super::support::{AS_OF, Garden, data, text};

const DAY: i64 = 86_400;

/// Seconds since 1970 of 2025-06-01.
const FIRST: i64 = 1_748_736_000;

/// An archive in the making: one service, two instances.
struct Archive {
    lines: Vec<(i64, String)>,
}

impl Archive {
    fn new() -> Self {
        Archive { lines: Vec::new() }
    }

    fn entry(&mut self, at: i64, revision: &str, severity: &str, message: &str) {
        let time = jiff::Timestamp::from_second(at).unwrap();
        let instance = format!("{revision}-{}", at / 60 % 2);
        let entry = json!({
            "insertId": format!("{at}-{severity}-{}", self.lines.len()), "timestamp": time.to_string(),
            "severity": severity, "textPayload": message, "labels": {"instanceId": instance},
            "logName": "projects/p/logs/run.googleapis.com%2Fstderr",
            "resource": {"type": "cloud_run_revision",
                "labels": {"service_name": "pier", "revision_name": format!("pier-{revision}"), "project_id": "p"}},
        });
        self.lines.push((at, entry.to_string()));
    }

    /// Something of the service every ten minutes of these days.
    fn hum(&mut self, days: std::ops::Range<i64>, revision: &str) {
        for at in (FIRST + days.start * DAY..FIRST + days.end * DAY).step_by(600) {
            self.entry(at, revision, "INFO", "tick");
        }
    }

    /// An error so many times a day, spread evenly, each message at minutes of its own: what always comes together would
    /// be one cluster.
    fn errors(&mut self, days: std::ops::Range<i64>, revision: &str, a_day: i64, message: &str) {
        for day in days {
            for number in 0..a_day {
                let at = FIRST + day * DAY + number * DAY / a_day + 60 * message.len() as i64;
                self.entry(at, revision, "ERROR", message);
            }
        }
    }

    /// What was there before a day, as NDJSON in the order of time.
    fn until(&self, day: i64) -> String {
        let mut lines: Vec<&(i64, String)> = self.lines.iter().filter(|(at, _)| *at < FIRST + day * DAY).collect();
        lines.sort();
        lines.iter().fold(String::new(), |mut text, (_, line)| {
            writeln!(text, "{line}").unwrap();
            text
        })
    }
}

/// Three weeks in which clusters take every state.
fn seasons() -> Archive {
    let mut archive = Archive::new();
    archive.hum(0..7, "00001-aaa");
    archive.hum(7..14, "00002-bbb");
    archive.hum(14..21, "00003-ccc");
    archive.errors(0..21, "00001-aaa", 8, "lamp is out, relighting it");
    // gone with the second revision, back with the third
    archive.errors(0..7, "00001-aaa", 24, "rope came loose at the bollard");
    archive.errors(14..21, "00003-ccc", 24, "rope came loose at the bollard");
    archive.errors(10..21, "00002-bbb", 6, "gull took the ledger");
    archive.errors(0..10, "00001-aaa", 24, "winch overheated and was stopped");
    // an hour of many on the eighteenth day
    for number in 0..40 {
        archive.entry(FIRST + 17 * DAY + 3_600 + number * 60, "00003-ccc", "ERROR", "lamp is out, relighting it");
    }
    archive
}

fn garden(content: &str) -> Garden {
    let garden = Garden::new();
    let file = garden.write("pier.ndjson", content);
    for arguments in [vec!["load", &file], vec!["build"]] {
        let output = garden.gardener(&arguments);
        assert!(output.status.success(), "{}", text(&output.stderr));
    }
    garden
}

fn history(garden: &Garden, more: &[&str]) -> String {
    let output = garden.gardener(&[&["history", "--as-of", AS_OF], more].concat());
    assert!(output.status.success(), "{}", text(&output.stderr));
    text(&output.stderr)
}

fn states(garden: &Garden, cluster: &str) -> Vec<(String, String)> {
    let sql = format!(
        "select focus, state from cluster_days where name like '{cluster}%' and state <> 'active' order by focus, state"
    );
    let pair =
        |row: serde_json::Value| (row["focus"].as_str().unwrap().to_owned(), row["state"].as_str().unwrap().to_owned());
    garden.query(&sql).into_iter().map(pair).collect()
}

fn of_day(states: &[(String, String)], state: &str) -> Vec<String> {
    states.iter().filter(|(_, known)| known == state).map(|(day, _)| day.clone()).collect()
}

#[test]
fn clusters_are_new_gone_back_and_escalating_when_they_are() {
    let garden = garden(&seasons().until(21));
    history(&garden, &[]);
    let gull = states(&garden, "gull");
    assert_eq!(of_day(&gull, "new"), ["2025-06-11"], "{gull:?}");
    assert_eq!(gull.len(), 1, "{gull:?}");
    let rope = states(&garden, "rope");
    assert_eq!(of_day(&rope, "resolved"), ["2025-06-08"], "{rope:?}");
    assert_eq!(of_day(&rope, "regression").first().unwrap(), "2025-06-15", "{rope:?}");
    assert_eq!(of_day(&states(&garden, "lamp"), "escalating"), ["2025-06-18"]);
    assert_eq!(of_day(&states(&garden, "winch"), "resolved"), ["2025-06-11"]);
    // of the first day nothing is known from before
    assert_eq!(of_day(&rope, "unknown"), ["2025-06-01"]);
    let changes = garden.query("select cluster_id, span_number from change_points");
    assert!(changes.len() >= 3, "{changes:?}");
}

#[test]
fn an_old_worklog_does_not_know_the_future() {
    let archive = seasons();
    let (whole, cut) = (garden(&archive.until(21)), garden(&archive.until(12)));
    history(&whole, &[]);
    history(&cut, &[]);
    let known = "select focus, cluster_id, name, state, priority, entry_count from cluster_days \
                 where focus < '2025-06-13' order by all";
    let rows = cut.query(known);
    assert!(rows.len() > 20);
    assert_eq!(whole.query(known), rows);
    let worklog = "worklogs/GCP-LOG-GARDENER-WORKLOG-2025-06-09-2025-06-09-2359-UTC.md";
    let read = |garden: &Garden| std::fs::read_to_string(garden.path(worklog)).unwrap();
    assert_eq!(read(&whole).lines().count(), read(&cut).lines().count());
}

#[test]
fn only_what_changed_is_written_again_and_links_lead_somewhere() {
    let archive = seasons();
    let garden = garden(&archive.until(12));
    assert!(history(&garden, &[]).contains("wrote 12 worklogs,"));
    assert!(history(&garden, &[]).contains("wrote 0 worklogs, 12 unchanged"));
    let file = garden.write("later.ndjson", archive.until(14));
    assert!(garden.gardener(&["load", &file]).status.success());
    // two days came, and the last of the old ones got a next one
    let said = history(&garden, &[]);
    assert!(said.contains("wrote 3 worklogs, 11 unchanged"), "{said}");
    std::fs::remove_file(garden.path("worklogs/GCP-LOG-GARDENER-WORKLOG-2025-06-03-2025-06-03-2359-UTC.md")).unwrap();
    assert!(history(&garden, &[]).contains("wrote 1 worklog, 13 unchanged"));
    assert!(history(&garden, &["--again"]).contains("wrote 14 worklogs,"));
    let mut count = 0;
    for content in garden.worklogs().into_iter().map(|(_, content)| content) {
        for link in content.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            if link.ends_with(".md") {
                assert!(garden.path("worklogs").join(link).is_file(), "{link}");
                count += 1;
            }
        }
    }
    // the index to each and back, and each to its neighbours
    assert_eq!(count, 14 + 14 + 2 * 13);
}

#[test]
fn a_history_by_revision_has_a_worklog_each() {
    let garden = garden(&seasons().until(21));
    let said = history(&garden, &["--by", "revision"]);
    assert!(said.contains("wrote 3 worklogs"), "{said}");
    let index = std::fs::read_to_string(garden.path("worklogs/revisions.md")).unwrap();
    for revision in ["pier-00001-aaa", "pier-00002-bbb", "pier-00003-ccc"] {
        assert!(index.contains(&format!("[{revision}](GCP-LOG-GARDENER-WORKLOG-{revision}-")), "{index}");
    }
}

#[test]
fn a_worklog_tells_what_changed_since_the_last() {
    let garden = garden(&seasons().until(21));
    history(&garden, &["--format", "md,json"]);
    let path = |day: &str, ending: &str| {
        garden.path(&format!("worklogs/GCP-LOG-GARDENER-WORKLOG-{day}-{day}-2359-UTC.{ending}"))
    };
    let worklog = std::fs::read_to_string(path("2025-06-15", "md")).unwrap();
    let section = worklog.split("### Since the last worklog").nth(1).unwrap().split("\n---").next().unwrap();
    assert!(section.contains("- back: cluster"), "{section}");
    assert!(section.contains("rope came loose at the bollard, P2, 0 → 24 entries"), "{section}");
    let resolved = std::fs::read_to_string(path("2025-06-08", "md")).unwrap();
    let section = resolved.split("### Resolved").nth(1).unwrap().split("\n---").next().unwrap();
    assert!(section.contains("- rope came loose at the bollard: last seen 2025-06-07T23:30:00Z"), "{section}");
    let arguments =
        ["diff", &path("2025-06-14", "json").display().to_string(), &path("2025-06-15", "json").display().to_string()];
    let output = text(&garden.gardener(&arguments).stdout);
    assert!(output.contains("back: rope came loose at the bollard\n  priority P2, 0 -> 24 entries"), "{output}");
    let output = garden.gardener(&["diff", arguments[1], &data("sample.ndjson")]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("is not JSON"), "{}", text(&output.stderr));
}

#[test]
fn clusters_that_come_together_are_told_with_lift_and_interval() {
    let mut archive = Archive::new();
    archive.hum(0..3, "00001-aaa");
    for number in 0..40 {
        let at = FIRST + number * 6_000;
        archive.entry(at, "00001-aaa", "ERROR", "tide gauge does not answer");
        if number % 8 != 0 {
            archive.entry(at + 30, "00001-bbb", "WARNING", "forecast is made without the tide");
        }
    }
    let garden = garden(&archive.until(3));
    assert!(garden.gardener(&["worklog", "--from", "2025-06-01", "--to", "2025-06-04"]).status.success());
    let worklog = garden.worklog("2025-06-01");
    // 40 and 35 of 432 minutes, 35 in common: all of the one, at 432 / 40 times the share of the other
    assert!(
        worklog
            .text
            .contains("in 35 of the 35 minutes with this cluster there is cluster 1, tide gauge does not answer, too"),
        "{}",
        worklog.text
    );
    // what stands behind it is on the page
    assert!(
        worklog.page.contains("tide gauge does not answer, too: 10.8 times [9.72, 10.8] its share of all 432 minutes"),
        "{}",
        worklog.page
    );
}

#[test]
fn entries_without_an_instance_form_incidents_by_trace() {
    let mut lines = String::new();
    for request in 0..12 {
        for (step, message) in ["cannot read the chart", "voyage planning failed"].iter().enumerate() {
            let time = jiff::Timestamp::from_second(FIRST + request * 900 + step as i64).unwrap();
            let entry = json!({
                "insertId": format!("{request}-{step}"), "timestamp": time.to_string(), "severity": "ERROR",
                "textPayload": message, "trace": format!("projects/p/traces/{request:032x}"),
                "logName": "projects/p/logs/app",
                "resource": {"type": "k8s_container", "labels": {"container_name": "charts", "project_id": "p"}},
            });
            writeln!(lines, "{entry}").unwrap();
        }
    }
    let garden = garden(&lines);
    assert_eq!(garden.number("select count(*) from incidents"), 12);
    assert!(garden.gardener(&["worklog"]).status.success());
    let worklog = garden.worklog("latest");
    assert!(worklog.text.contains("12 incidents seen, in 12 traces"), "{}", worklog.text);
}

/// The stream has one revision under which one error comes much more often, and is otherwise the same for 90 days.
#[test]
fn a_planted_regression_is_found_there_and_nowhere_else() {
    let garden = Garden::new();
    let sample = garden.gardener(&["sample", "--entries", "60000", "--days", "90"]);
    let file = garden.write("ninety.ndjson", sample.stdout);
    for arguments in [vec!["load", &file], vec!["build"], vec!["history", "--as-of", "2026-02-01"]] {
        let output = garden.gardener(&arguments);
        assert!(output.status.success(), "{}", text(&output.stderr));
    }
    let worse = garden.query(
        "select revision, verdict, template from revision_changes where verdict not in ('same', 'too little traffic')",
    );
    assert_eq!(worse.len(), 1, "{worse:?}");
    assert_eq!(worse[0]["revision"], "harbor-api-00119-tqn");
    assert_eq!(worse[0]["verdict"], "worse");
    assert!(worse[0]["template"].as_str().unwrap().starts_with("Could not store booking"));
    let changes = garden.query(
        "select pattern.template, make_timestamp_ns(day.from_ns)::date - revision.first_at::date as days \
         from change_points as change \
         inner join patterns as pattern on change.cluster_id = pattern.pattern_id \
         inner join (select distinct span_number, epoch_ns(window_from_at) as from_ns from cluster_days) as day \
            using (span_number) \
         inner join revisions as revision on revision.revision = 'harbor-api-00119-tqn'",
    );
    assert_eq!(changes.len(), 1, "{changes:?}");
    assert!(changes[0]["template"].as_str().unwrap().starts_with("Could not store booking"));
    assert!(changes[0]["days"].as_i64().unwrap().abs() <= 2, "{changes:?}");
    let regressions =
        garden.query("select distinct name from cluster_days where state in ('regression', 'escalating')");
    assert!(regressions.len() <= 1, "{regressions:?}");
    let index = std::fs::read_to_string(garden.path("worklogs/index.md")).unwrap();
    assert_eq!(index.matches("; newest revision then: `harbor-api-00119-tqn`").count(), 1, "{index}");
}
