//! Problems that stop within the window: their state, their priority and what the verdict says of them.

use serde_json::{Value, json};

use super::{
    support::{Garden, text},
    yard::Yard,
};

/// 2025-06-02T09:00:00Z
const NINE: i64 = 1_748_854_800;

#[derive(Default)]
struct Archive(Vec<Value>);

impl Archive {
    fn entry(&mut self, second: i64, revision: &str, instance: &str, more: Value) {
        let time = jiff::Timestamp::from_second(NINE + second).unwrap();
        let mut entry = json!({
            "insertId": format!("{}", self.0.len()),
            "timestamp": time.to_string(),
            "logName": "projects/p/logs/run.googleapis.com%2Fstderr",
            "labels": {"instanceId": instance},
            "resource": {"type": "cloud_run_revision", "labels": {
                "service_name": "booking", "revision_name": revision, "project_id": "p", "location": "here",
            }},
        });
        entry.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        self.0.push(entry);
    }

    fn message(&mut self, second: i64, revision: &str, instance: &str, severity: &str, message: &str) {
        self.entry(second, revision, instance, json!({"severity": severity, "textPayload": message}));
    }

    fn request(&mut self, second: i64, revision: &str, path: &str, status: u16) {
        let severity = if status >= 500 { "ERROR" } else { "INFO" };
        let request = json!({
            "severity": severity,
            "logName": "projects/p/logs/run.googleapis.com%2Frequests",
            "httpRequest": {"requestMethod": "POST", "requestUrl": format!("https://booking.example{path}"),
                "status": status, "latency": "0.05s"},
        });
        self.entry(second, revision, "steady", request);
    }

    /// Two hours of requests; from 09:20 to 09:49 those to `/pay` fail. The last fails at 09:49:30.
    fn outage() -> Self {
        let mut archive = Archive::default();
        for at in (0..7200).step_by(30) {
            archive.request(at, "booking-00001-aaa", "/list", 200);
            let fails = (1200..3000).contains(&at);
            archive.request(at + 1, "booking-00001-aaa", "/pay", if fails { 503 } else { 200 });
        }
        archive
    }
}

struct Written {
    garden: Garden,
    document: Value,
    worklog: String,
}

fn written(archive: &Archive, rules: &str) -> Written {
    let garden = Garden::new();
    let lines: Vec<String> = archive.0.iter().map(Value::to_string).collect();
    let file = garden.write("booking.ndjson", lines.join("\n"));
    let config = garden.write("gardener.toml", format!("version = 1\n{rules}"));
    let output = garden.gardener(&["run", &file, "--config", &config, "--format", "md,json"]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let read = |ending: &str| std::fs::read_to_string(garden.path(&format!("worklogs/latest.{ending}"))).unwrap();
    let document = serde_json::from_str(&read("json")).unwrap();
    let worklog = read("md");
    Written { garden, document, worklog }
}

impl Written {
    fn cluster(&self, words: &str) -> &Value {
        let of = |row: &&Value| row["lead_template"].as_str().unwrap().contains(words);
        self.document["clusters"].as_array().unwrap().iter().find(of).unwrap_or_else(|| panic!("{}", self.worklog))
    }

    fn state(&self, words: &str) -> [&str; 3] {
        let cluster = self.cluster(words);
        ["state", "priority", "ended_by"].map(|key| cluster[key].as_str().unwrap_or_default())
    }
}

#[test]
fn an_outage_that_requests_outlive_has_ended() {
    let written = written(&Archive::outage(), "");
    assert_eq!(written.state("POST /pay"), ["ended", "P2", "requests"]);
    let worklog = &written.worklog;
    assert!(worklog.contains("**The service was degraded.** 60 of 480 requests"), "{worklog}");
    assert!(
        worklog.contains(
            "Ended 2025-06-02T09:49:31Z, in booking-00001-aaa; 140 requests to the same endpoints succeeded since."
        ),
        "{worklog}"
    );
    assert!(worklog.contains("because of rule request-5xx; it has ended: P2 at most"), "{worklog}");
    assert!(worklog.contains("state ended: 2025-06-02T09:49:31Z"), "{worklog}");
    let brief = text(&written.garden.gardener(&["brief"]).stdout);
    assert!(
        brief.contains("(ended)") && brief.contains("140 requests to the same endpoints succeeded since"),
        "{brief}"
    );
}

#[test]
fn the_users_own_rule_keeps_its_priority() {
    let rule = "[[rule]]\nid = \"pay\"\n[rule.match]\ntemplate = \"POST /pay 503\"\n[rule.set]\npriority = \"P0\"\n";
    let written = written(&Archive::outage(), rule);
    assert_eq!(written.state("POST /pay"), ["ended", "P0", "requests"]);
}

#[test]
fn starts_that_no_longer_fail_have_ended() {
    let mut archive = Archive::default();
    let starting = |archive: &mut Archive, second: i64, revision: &str, instance: &str| {
        archive.message(second, revision, instance, "INFO", "Starting new instance. Reason: AUTOSCALING");
        archive.message(second + 2, revision, instance, "INFO", "reading the settings");
    };
    for number in 0..6 {
        let instance = format!("bad{number}");
        starting(&mut archive, number * 300, "booking-00001-aaa", &instance);
        archive.message(number * 300 + 3, "booking-00001-aaa", &instance, "ERROR", "cannot read the ledger, giving up");
    }
    for number in 0..12 {
        let instance = format!("good{number}");
        let second = 3000 + number * 200;
        starting(&mut archive, second, "booking-00002-bbb", &instance);
        archive.message(second + 100, "booking-00002-bbb", &instance, "INFO", "ready");
    }
    let written = written(&archive, "");
    assert_eq!(written.state("cannot read the ledger"), ["ended", "P2", "starts"]);
    let worklog = &written.worklog;
    assert!(worklog.contains("**Something failed.**"), "{worklog}");
    assert!(
        worklog.contains("Ended 2025-06-02T09:25:03Z, in booking-00001-aaa; 12 starts since without it."),
        "{worklog}"
    );
}

#[test]
fn what_is_rare_goes_on_or_is_not_collected_has_not_ended() {
    let mut archive = Archive::outage();
    for minute in [5, 35, 65, 95] {
        archive.message(minute * 60, "booking-00001-aaa", "steady", "ERROR", "the ledger is out of balance");
    }
    for minute in 0..120 {
        archive.message(minute * 60 + 7, "booking-00001-aaa", "steady", "WARNING", "the disk is slow");
    }
    archive.message(600, "booking-00001-aaa", "steady", "ERROR", "a single failure");
    let written = written(&archive, "");
    assert_eq!(written.state("POST /pay"), ["ended", "P2", "requests"]);
    for words in ["out of balance", "the disk is slow", "a single failure"] {
        assert_ne!(written.state(words)[0], "ended", "{words}");
    }
    let worklog = &written.worklog;
    // the ledger is due again only at 11:05
    assert!(worklog.contains("24 min 31 s before the last entry of all: not long enough"), "{worklog}");
    assert!(worklog.contains("**The service is degraded.**"), "{worklog}");
}

#[test]
fn an_end_is_commented_once_and_closes_nothing() {
    let outage = Archive::outage().0;
    let at = outage.iter().position(|entry| entry["timestamp"] == "2025-06-02T09:52:00Z").unwrap();
    let yard = Yard::new(&outage[..at]);
    yard.apply();
    let title = |yard: &Yard| yard.issues()[0]["title"].as_str().unwrap().to_owned();
    assert!(title(&yard).starts_with("GCP-active-dev | P1 | "), "{}", title(&yard));
    yard.load("later.ndjson", &outage[at..]);
    let plan = yard.plan();
    assert_eq!(plan[0]["action"], "update");
    assert_eq!(plan[0]["reason"], "priority P1 -> P2, state unknown -> ended");
    yard.apply();
    let issue = yard.issues()[0].clone();
    assert_eq!(issue["state"], "OPEN");
    let comment = issue["comments"][0].as_str().unwrap();
    let ended =
        "- **State:** unknown → ended: 2025-06-02 09:49 UTC, in booking-00001-aaa; 140 requests to the same endpoints";
    assert!(comment.contains(ended), "{comment}");
    assert!(yard.apply().contains("is up to date"));
    assert_eq!(yard.issues()[0]["comments"].as_array().unwrap().len(), 1);
}
