//! Control characters and changes of direction in every text that an entry, a path or a configuration can bring: no command
//! hands one to a terminal.

use std::process::Command;

use serde_json::{Value, json};

use super::support::{Garden, project, text};

const EVIL: &str = "e\u{1b}]0;title\u{7}\u{1b}[2J\u{9b}31m\u{202e}\u{8}\u{7f}vil";

fn steers(text: &str) -> bool {
    text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\t' | '\r') || ('\u{202a}'..='\u{202e}').contains(&c))
}

/// Every text of an entry is evil, in turns and all at once.
fn entries() -> Vec<Value> {
    let whole = |number: usize| {
        json!({
            "timestamp": format!("2025-09-12T10:{:02}:00Z", number % 60), "severity": "ERROR", "insertId": format!("i{number}{EVIL}"),
            "logName": format!("projects/p{EVIL}/logs/{EVIL}"), "trace": format!("projects/p/traces/{EVIL}"), "spanId": EVIL,
            "resource": {"type": "cloud_run_revision", "labels": {
                "project_id": format!("p{EVIL}"), "location": EVIL, "service_name": format!("api{EVIL}"),
                "revision_name": format!("api-0000{}-{EVIL}", 1 + number / 20),
            }},
            "labels": {"instanceId": format!("00{EVIL}"), (format!("key{EVIL}")): EVIL},
            "httpRequest": {"requestMethod": EVIL, "requestUrl": format!("https://x/{EVIL}"), "status": 500, "userAgent": EVIL, "latency": "1s"},
            "jsonPayload": {
                "message": format!("boom {EVIL} {}", number % 3), "user_id": EVIL, "logger": EVIL, (format!("key{EVIL}")): EVIL,
                "labels": {"function": EVIL, "module": EVIL, "line": "1"}, "stack_trace": format!("E: {EVIL}\n\tat a.{EVIL}(B.java:1)"),
            },
        })
    };
    let mut entries: Vec<Value> = (0..40).map(whole).collect();
    // where the others have none
    for (number, entry) in entries.iter_mut().enumerate() {
        let key = ["httpRequest", "labels", "jsonPayload", "trace"][number % 4];
        entry.as_object_mut().unwrap().remove(key);
    }
    // what is rejected is quoted
    entries.push(json!({"timestamp": EVIL, "textPayload": EVIL}));
    entries
}

fn garden() -> Garden {
    let garden = Garden::new();
    let lines: String = entries().iter().map(|entry| format!("{entry}\n")).collect();
    garden.write(&format!("{EVIL}.ndjson").replace(']', ""), lines);
    garden.write("broken.ndjson", format!("{{\"insertId\":\"a\",\"timestamp\":\"{EVIL}\n{{\"insertId\": {EVIL}}}\n"));
    let rule = format!(
        "version = 1\n[settings]\nhidden = []\n[[rule]]\nid = \"evil\"\nname = {0}\npriority = \"P1\"\ncategory = {0}\n[rule.match]\nmessage = \"boom\"\n[rule.set]\nactions = [{0}]\n",
        Value::from(EVIL)
    );
    garden.write("gardener.toml", rule);
    std::fs::create_dir(garden.path("queries")).unwrap();
    garden.write("queries/mine.sql", format!("-- {EVIL}\n-- param x = '{EVIL}': {EVIL}\nselect $x as \"{EVIL}\""));
    garden
}

/// Where standard output is a terminal.
fn in_terminal(garden: &Garden, arguments: &[&str]) -> String {
    let output = Command::new("python3")
        .arg(project().join("tests/it/programs/terminal.py"))
        .arg("100")
        .arg(assert_cmd::cargo::cargo_bin!("gardener"))
        .args(arguments)
        .env("NO_COLOR", "1")
        .current_dir(garden.path(""))
        .output()
        .unwrap();
    text(&output.stdout) + &text(&output.stderr)
}

#[test]
fn no_text_steers_a_terminal() {
    let garden = garden();
    let folder = format!("out{EVIL}");
    let configuration = garden.gardener(&["rules", "check"]);
    assert!(text(&configuration.stderr).is_empty() || !steers(&text(&configuration.stderr)));
    let commands: &[&[&str]] = &[
        &["load", "."],
        &["load", "broken.ndjson", "--strict"],
        &["build", "--verbose", "--explain"],
        &["rules", "check"],
        &["worklog", "--out", &folder, "--last", "2000d", "--format", "md,html,json"],
        &["worklog", "--service", "apu", "--last", "2000d"],
        &["brief", "--last", "2000d"],
        &["brief", "--last", "2000d", "--format", "markdown"],
        &["history", "--out", &folder],
        &["history", "--by", "revision", "--out", "revisions"],
        &["compare", "previous", "latest", "--all"],
        &["compare", "previous", "latest", "--all", "--format", "markdown"],
        &["compare", "nothing", "latest"],
        &["clusters", "--last", "2000d"],
        &["clusters", "--last", "2000d", "--format", "csv"],
        &["patterns"],
        &["patterns", "--service", "apu"],
        &["patterns", "--format", "csv"],
        &["show", "boom"],
        &["show", EVIL],
        &["issues", "plan", "--existing", "none.json", "--last", "2000d"],
        &["issues", "plan", "--existing", EVIL],
        &["issues", "apply", "--gh", EVIL],
        &["sql", "from entries"],
        &["sql", "--format", "csv", "from entries"],
        &["sql", "--format", "markdown", "from raw_entries"],
        &["sql", "--format", "ndjson", "from rejects"],
        &["sql", "from rejects"],
        &["sql", EVIL],
        &["sql", "-f", EVIL],
        &["sql", "-o", &folder, "select 1"],
        &["queries"],
        &["queries", "mine"],
        &["queries", "mine", "--show"],
        &["queries", EVIL],
        &["template", "broken.ndjson"],
        &["template", EVIL],
        &["diff", EVIL, "none.json"],
        &["init", EVIL],
        &["worklog", "--db", EVIL],
        &["worklog", "--config", EVIL],
        &["load", EVIL],
        &["worklog", EVIL],
        &["brief", "--format", EVIL],
        &[EVIL],
        &[],
    ];
    garden.write("none.json", "[]");
    for command in commands {
        let shown = in_terminal(&garden, command);
        assert!(!steers(&shown), "{command:?}: {shown:?}");
    }
    assert_eq!(garden.number("select count(*) from entries"), 40);
}
