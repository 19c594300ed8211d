//! Issues: what is planned, the texts of issues and comments, what is said while they are made.

use std::fs;

use regex::Regex;
use serde_json::{Value, json};

use super::{super::yard::Yard, Archive, DATABASE, INCIDENT, SAMPLE, gardener, picture, seen, snapshot_name};

const MARK: &str = r"<!-- log-gardener cluster=\S+ service=\S+ entries=\d+ last=\d+ priority=\S+ state=\S+[^>]* -->";

/// Issues of the plan's clusters, in each way that an issue can be.
fn existing(plan: &Value) -> Value {
    let steps = plan["services"].as_array().unwrap().iter().flat_map(|part| part["steps"].as_array().unwrap());
    let mut issues: Vec<Value> = steps.enumerate().filter_map(|(at, step)| issue(at, step)).collect();
    let mark = "<!-- log-gardener cluster=none service=orchard-backend-staging -->";
    issues.push(json!({"number": 99, "title": "Seen long ago", "body": mark, "state": "OPEN", "url": "https://x/99"}));
    issues.into()
}

fn issue(at: usize, step: &Value) -> Option<Value> {
    let mark = Regex::new(MARK).unwrap();
    // an effect without an issue of its own has none
    let body = step["texts"]["body"].as_str()?;
    let told = |new: &str| {
        let told = Regex::new(r"entries=\d+ last=\d+ priority=\S+ state=\S+( revision=\S+)?").unwrap();
        assert_eq!(told.find_iter(body).count(), 1);
        told.replace(body, new).into_owned()
    };
    let (body, state, closed, reason) = match at % 6 {
        0 => (told("entries=1 last=0 priority=P4 state=active"), "OPEN", None, ""),
        1 => (body.to_owned(), "CLOSED", Some("2025-09-01T00:00:00Z"), "COMPLETED"),
        2 => (mark.replace(body, "").into_owned(), "OPEN", None, ""),
        3 => (body.to_owned(), "CLOSED", Some("2025-09-01T00:00:00Z"), "NOT_PLANNED"),
        4 => (body.to_owned(), "OPEN", None, ""),
        _ => return None,
    };
    Some(json!({"number": at + 1, "title": step["title"], "body": body, "labels": step["labels"], "state": state,
        "url": format!("https://github.com/o/r/issues/{}", at + 1), "closedAt": closed, "stateReason": reason}))
}

fn picture_issues(archive: &Archive) {
    let garden = archive.copy();
    let plan = ["issues", "plan", "--existing", "none.json", "--format", "json"];
    let plan: Value = serde_json::from_slice(&gardener(&garden, &plan).stdout).unwrap();
    garden.write("existing.json", existing(&plan).to_string());
    for list in ["none.json", "existing.json"] {
        for arguments in [
            &["issues", "plan", "--existing", list][..],
            &["issues", "plan", "--existing", list, "--format", "json"],
            &["issues", "apply", "--existing", list, "--repo", "o/r", "--bodies"],
        ] {
            picture(archive.name, &snapshot_name(arguments), &seen(&garden, arguments));
        }
    }
    let commands = ["issues", "apply", "--existing", "existing.json", "--repo", "o/r"];
    picture(archive.name, "issues-apply-commands", &seen(&garden, &commands));
    let urgent = ["issues", "plan", "--existing", "none.json", "--min-priority", "P0", "--last", "2h"];
    picture(archive.name, "issues-plan-urgent", &seen(&garden, &urgent));
}

#[test]
fn issues_of_the_sample() {
    picture_issues(&SAMPLE);
}

#[test]
fn issues_of_the_incident() {
    picture_issues(&INCIDENT);
}

#[test]
fn issues_are_made() {
    let yard = Yard::new(&[]);
    fs::copy(INCIDENT.garden.path(DATABASE), yard.garden.path(DATABASE)).unwrap();
    let apply = || seen(&yard.garden, &["issues", "apply", "--yes", "--gh", "./gh", "--repo", "o/r"]);
    yard.fail("issue create", 2, "before");
    let mut printed = apply() + &apply() + &apply();
    yard.change(|github| github["issues"][0]["state"] = "CLOSED".into());
    yard.forget();
    printed += &apply();
    picture("incident", "issues-apply-done", &printed);
}
