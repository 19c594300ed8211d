//! Issues on GitHub: against a stand-in for `gh` that keeps them in a file (`programs/gh.py`).

use std::process::Command;

use serde_json::{Value, json};

use super::{
    support::{data, text},
    yard::{MARK, Yard, prose_of, without_escapes},
};

fn entry(day: u32, minute: u32, severity: &str, message: &str) -> Value {
    entry_of("shop-00001-abc", day, minute, severity, message)
}

fn entry_of(revision: &str, day: u32, minute: u32, severity: &str, message: &str) -> Value {
    json!({
        "timestamp": format!("2025-09-{day:02}T10:{minute:02}:00Z"),
        "insertId": format!("{day}-{minute}-{}-{severity}", message.len()),
        "severity": severity,
        "textPayload": message,
        "resource": {"type": "cloud_run_revision",
            "labels": {"service_name": "shop", "revision_name": revision, "project_id": "p", "location": "l"}},
    })
}

/// Two failures that have nothing to do with one another.
fn failures(day: u32) -> Vec<Value> {
    let pool = (0..6).map(|n| entry(day, n, "ERROR", "The connection pool of the orders database is exhausted"));
    let mail =
        (0..4).map(|n| entry(day, 20 + 7 * n, "ERROR", "Mail could not be handed over: relay refused the sender"));
    pool.chain(mail).collect()
}

fn actions(plan: &[Value]) -> Vec<String> {
    plan.iter().map(|step| step["action"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn each_cluster_gets_one_issue_and_a_second_run_does_nothing() {
    let yard = Yard::new(&failures(10));
    assert_eq!(actions(&yard.plan()), ["create", "create"]);
    let done = yard.apply();
    assert!(done.starts_with("created #1 https://github.com/o/r/issues/1 GCP-"), "{done}");
    let issues = yard.issues();
    assert_eq!(issues.len(), 2);
    for issue in &issues {
        let (title, body) = (issue["title"].as_str().unwrap(), issue["body"].as_str().unwrap());
        assert!(title.starts_with("GCP-") && title.contains(" | P"), "{title}");
        assert_eq!(body.matches(MARK).count(), 1);
        for word in ["**Service:** `shop`", "### Key Error Pattern", "gardener sql \"select * from entries where"] {
            assert!(body.contains(word), "no {word} in\n{body}");
        }
        assert_eq!(issue["labels"][0], "gcp");
        assert_eq!(issue["labels"].as_array().unwrap().len(), 3);
    }
    let query =
        issues[0]["body"].as_str().unwrap().lines().find_map(|line| line.strip_prefix("gardener sql \"")).unwrap();
    let count = format!("select count(*) as n from ({})", query.trim_end_matches('"'));
    assert_eq!(yard.garden.query(&count)[0]["n"], 6);
    assert_eq!(yard.apply(), "");
    assert_eq!(actions(&yard.plan()), ["nothing", "nothing"]);
    assert_eq!((yard.issues(), yard.commands("issue comment")), (issues, 0));
    assert_eq!(yard.garden.number("select count(*) from issue_actions where action = 'create'"), 2);
}

#[test]
fn what_is_new_is_told_in_a_comment_once() {
    let yard = Yard::new(&failures(10));
    yard.apply();
    let more: Vec<Value> = (0..3).map(|n| entry_of("shop-00002-xyz", 11, n, "ERROR", POOL)).collect();
    yard.load("second.ndjson", &more);
    assert_eq!(actions(&yard.plan()), ["update", "nothing"]);
    let done = yard.apply();
    assert!(done.contains("commented #1 ") && done.contains("3 more entries"), "{done}");
    let comments = yard.issues()[0]["comments"].clone();
    assert_eq!(comments.as_array().unwrap().len(), 1);
    let comment = comments[0].as_str().unwrap();
    for word in
        ["3 more entries, the last one 2025-09-11 10:02 UTC", "6 → 9", "**New revision:** `shop-00002-xyz`", MARK]
    {
        assert!(comment.contains(word), "no {word} in\n{comment}");
    }
    assert!(yard.issues()[1]["comments"].as_array().unwrap().is_empty());
    assert_eq!(yard.apply(), "");
    // the issue's own comments are memory enough
    yard.forget();
    let done = yard.apply();
    assert!(done.contains("found #1") && !done.contains("commented"), "{done}");
    assert_eq!(yard.issues()[0]["comments"].as_array().unwrap().len(), 1);
    assert_eq!(yard.apply(), "");
}

#[test]
fn a_closed_issue_is_reopened_when_its_cluster_is_back_and_else_left_closed() {
    let yard = Yard::new(&failures(10));
    yard.apply();
    yard.change(|github| {
        for issue in github["issues"].as_array_mut().unwrap() {
            issue["state"] = "CLOSED".into();
            issue["closedAt"] = "2025-09-10T18:00:00Z".into();
            issue["stateReason"] = "COMPLETED".into();
        }
        github["issues"][1]["stateReason"] = "NOT_PLANNED".into();
    });
    assert_eq!(actions(&yard.plan()), ["link", "link"]);
    assert_eq!(yard.apply(), "");
    yard.load("second.ndjson", &failures(12));
    let plan = yard.plan();
    assert_eq!(actions(&plan), ["reopen", "link"]);
    assert_eq!(plan[1]["reason"], "closed as not planned");
    let done = yard.apply();
    assert!(done.starts_with("reopened #1 ") && done.contains("commented #1 "), "{done}");
    let issues = yard.issues();
    assert_eq!((issues.len(), &issues[0]["state"], &issues[1]["state"]), (2, &json!("OPEN"), &json!("CLOSED")));
    let comment = issues[0]["comments"][0].as_str().unwrap();
    assert!(comment.starts_with("Seen again after this was closed"), "{comment}");
    assert_eq!(yard.apply(), "");
}

#[test]
fn a_failure_in_the_middle_is_made_good_by_the_next_run() {
    for when in ["before", "after"] {
        let yard = Yard::new(&failures(10));
        yard.fail("issue create", 2, when);
        let output = yard.run(&["apply", "--yes"]);
        assert_eq!(output.status.code(), Some(2));
        let said = text(&output.stderr);
        assert!(said.contains("error: stopped after 1 of 2 actions"), "{said}");
        assert!(said.contains("caused by: `") && said.contains("hint: run the command again"), "{said}");
        assert!(text(&output.stdout).starts_with("created #1 "));
        let done = yard.apply();
        // where GitHub had made it, it is known by its marker
        assert_eq!(done.contains("created #2"), when == "before", "{done}");
        assert_eq!(yard.issues().len(), 2, "{when}");
        assert_eq!(yard.apply(), "");
    }
}

#[test]
fn a_failed_comment_is_not_told_twice() {
    for (when, count) in [("before", 1), ("after", 0)] {
        let yard = Yard::new(&failures(10));
        yard.apply();
        yard.load("second.ndjson", &failures(11));
        yard.fail("issue comment", 1, when);
        assert_eq!(yard.run(&["apply", "--yes"]).status.code(), Some(2));
        let done = yard.apply();
        assert_eq!(done.matches("commented #1").count(), count, "{done}");
        let counts = yard.issues().iter().map(|issue| issue["comments"].as_array().unwrap().len()).collect::<Vec<_>>();
        assert_eq!(counts, [1, 1]);
    }
}

#[test]
fn an_id_that_changed_is_followed() {
    let yard = Yard::new(&failures(10));
    yard.apply();
    let id = yard.plan()[0]["cluster"]["cluster_id"].as_str().unwrap().to_owned();
    yard.change(|github| {
        let body = github["issues"][0]["body"].as_str().unwrap();
        github["issues"][0]["body"] = body.replace(&format!("cluster={id} "), "cluster=oldid ").into();
    });
    yard.forget();
    let alias = format!("insert into pattern_aliases values ('oldid', '{id}')");
    assert!(yard.garden.gardener(&["sql", "--unsafe", &alias]).status.success());
    assert_eq!(actions(&yard.plan()), ["nothing", "nothing"]);
    yard.apply();
    assert_eq!(yard.issues().len(), 2);
}

#[test]
fn gh_is_found_by_the_environment() {
    let yard = Yard::new(&failures(10));
    let output = Command::new(assert_cmd::cargo::cargo_bin!("gardener"))
        .args(["issues", "plan"])
        .current_dir(yard.garden.path(""))
        .env("GARDENER_GH", &yard.gh)
        .output()
        .unwrap();
    let said = text(&output.stdout);
    assert!(
        said.starts_with("0 issues of the current folder's repository, open and closed\nto do: create 2\n"),
        "{said}"
    );
}

#[test]
fn a_lost_ledger_makes_no_second_issue() {
    let yard = Yard::new(&failures(10));
    yard.apply();
    yard.forget();
    assert_eq!(yard.apply(), "");
    assert_eq!((yard.issues().len(), yard.commands("issue create")), (2, 2));
}

#[test]
fn an_issue_made_since_the_list_was_saved_is_found() {
    let yard = Yard::new(&failures(10));
    let none = yard.garden.write("none.json", "[]");
    yard.apply();
    yard.forget();
    let output = yard.run(&["apply", "--yes", "--existing", &none]);
    assert_eq!(text(&output.stdout).matches("found #").count(), 2, "{}", text(&output.stderr));
    assert_eq!(yard.issues().len(), 2);
}

#[test]
fn a_similar_issue_is_told_openly_and_never_taken_over() {
    let yard = Yard::new(&failures(10));
    let issue = |number: u32, title: &str| {
        json!({"number": number, "title": title, "body": "by hand", "labels": ["bug"], "state": "OPEN", "closedAt": null,
            "url": format!("https://github.com/o/r/issues/{number}"), "comments": []})
    };
    yard.change(|github| {
        let titles = [
            issue(7, "GCP-new | P1 | The connection pool of the orders database is exhausted!"),
            issue(8, "Mail is slow"),
        ];
        github["issues"] = json!(titles);
    });
    let plan = yard.plan();
    assert_eq!(actions(&plan), ["adopt", "create"]);
    assert!(plan[0]["reason"].as_str().unwrap().starts_with("similar, but without marker"));
    yard.apply();
    let issues = yard.issues();
    assert_eq!(issues.len(), 3);
    assert_eq!((&issues[0]["body"], &issues[0]["labels"]), (&json!("by hand"), &json!(["bug"])));
    assert!(issues[0]["comments"][0].as_str().unwrap().contains("It is not confirmed that the problem is the same"));
    assert_eq!(yard.apply(), "");
    yard.load("second.ndjson", &failures(11));
    yard.apply();
    assert_eq!((yard.issues().len(), yard.issues()[0]["comments"].as_array().unwrap().len()), (3, 2));
    yard.forget();
    assert!(!yard.apply().contains("commented"));
    assert_eq!(yard.issues()[0]["comments"].as_array().unwrap().len(), 2);
}

#[test]
fn without_yes_commands_are_only_shown() {
    let yard = Yard::new(&failures(10));
    let output = yard.run(&["apply"]);
    let shown = text(&output.stdout);
    let lines: Vec<&str> = shown.lines().collect();
    assert_eq!(lines.iter().filter(|line| line.contains(" label create ")).count(), 3, "{shown}");
    let creates: Vec<_> = lines.iter().filter(|line| line.contains(" issue create --title 'GCP-")).collect();
    assert_eq!(creates.len(), 2, "{shown}");
    assert!(creates[0].contains("--label gcp --label P") && creates[0].contains("--repo o/r --body-file -  # "));
    assert!(text(&output.stderr).contains("nothing was done; `--yes` runs the 5 commands above"));
    assert_eq!((yard.issues().len(), yard.github()["calls"].as_array().unwrap().len()), (0, 1));
    let bodies = text(&yard.run(&["apply", "--bodies"]).stdout);
    assert_eq!(bodies.matches("<<'END'\n").count(), 2);
    assert_eq!(bodies.matches("\nEND\n").count(), 2);
}

#[test]
fn without_leave_for_labels_issues_go_without() {
    let yard = Yard::new(&failures(10));
    yard.change(|github| github["no_labels"] = true.into());
    let output = yard.run(&["apply", "--yes"]);
    assert!(output.status.success());
    assert!(text(&output.stderr).contains("continuing without the label `gcp`"));
    assert!(yard.issues().iter().all(|issue| issue["labels"] == json!([])));
}

#[test]
fn an_old_gh_is_asked_for_what_it_knows() {
    let yard = Yard::new(&failures(10));
    yard.change(|github| github["is_old"] = true.into());
    yard.apply();
    assert_eq!(yard.apply(), "");
    assert_eq!(yard.issues().len(), 2);
}

#[test]
fn saved_issues_need_no_gh() {
    let yard = Yard::new(&failures(10));
    yard.apply();
    let saved = yard.garden.write("issues.json", json!(yard.issues()).to_string());
    let plan = |more: &[&str]| {
        let mut arguments = vec!["issues", "plan", "--existing", &saved, "--gh", "/nowhere/gh"];
        arguments.extend(more);
        yard.garden.gardener(&arguments)
    };
    let output = plan(&[]);
    let said = text(&output.stdout);
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert!(said.contains("2 issues of `") && said.contains("nothing to do") && said.contains("  #1 GCP-"), "{said}");
    let none = text(&plan(&["--min-priority", "p0"]).stdout);
    assert!(none.contains("below P0  P2, 6 entries: The connection pool") && none.contains("(#1)"), "{none}");
    yard.load("second.ndjson", &failures(11)[..6]);
    let said = text(&plan(&["--last", "12h"]).stdout);
    assert!(said.contains("UPDATE #1 ") && said.contains("open, but not seen in the window"), "{said}");
}

#[test]
fn what_goes_wrong_is_said() {
    let yard = Yard::new(&failures(10));
    let notes = yard.garden.write("notes.json", "{}");
    let cases = [
        (
            vec!["-q", "issues", "plan", "--gh", "/nowhere/gh"],
            "cannot run `/nowhere/gh`",
            "hint: install GitHub's `gh`",
        ),
        (vec!["issues", "plan", "--existing", &notes], "is not a list of issues", "hint: `gh issue list"),
        (vec!["issues", "plan", "--existing", "none.json"], "cannot read `none.json`", "No such file"),
        (vec!["issues", "plan", "--repo=--web"], "--repo", "error: "),
        (vec!["issues", "plan", "--db", "none.duckdb"], "no database at `none.duckdb`", "hint: `gardener run"),
    ];
    for (arguments, message, hint) in cases {
        let output = yard.garden.gardener(&arguments);
        let said = text(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(said.starts_with("error: ") && said.contains(message) && said.contains(hint), "{said}");
        assert!(output.stdout.is_empty());
    }
}

#[test]
fn text_of_entries_writes_no_markdown() {
    let forged = "<!-- log-gardener cluster=evil service=shop -->";
    let hostile = [
        format!("@octocat please look, fixes #1 and closes GH-2 {forged}"),
        format!("Order failed\n```\n@octocat fixes #1\n````\n{forged}\n~~~\n@team/all resolves o/r#3\n"),
        format!("{} ``` @octocat fixes https://github.com/o/r/issues/1 {forged}", "very long ".repeat(25_000)),
        format!("| a | @octocat | `#1` {forged} <details> <b>fixes #1</b>"),
        format!("# {}", "🔴 @octocat closes #1 ".repeat(60)),
    ];
    let entries: Vec<Value> = hostile
        .iter()
        .enumerate()
        .flat_map(|(at, message)| (0..5).map(move |n| entry(10, 10 * u32::try_from(at).unwrap() + n, "ERROR", message)))
        .collect();
    let yard = Yard::new(&entries);
    yard.apply();
    let more: Vec<Value> =
        hostile.iter().enumerate().map(|(at, message)| entry(11, at as u32, "ERROR", message)).collect();
    yard.load("second.ndjson", &more);
    yard.apply();
    assert!(yard.issues().len() >= 4);
    for issue in yard.issues() {
        let title = issue["title"].as_str().unwrap();
        assert!(!title.contains("@octocat") && !title.contains("#1") && title.encode_utf16().count() <= 256, "{title}");
        let comments = issue["comments"].as_array().unwrap();
        for text in [&issue["body"]].into_iter().chain(comments).map(|text| text.as_str().unwrap()) {
            assert_eq!(text.matches(MARK).count(), 1, "{text}");
            assert!(text.trim_end().ends_with("-->") && text.len() <= 65_536);
            let prose = without_escapes(&prose_of(text));
            for word in ["@octocat", "@team", "#1", "GH-2", "<b>", "<details>", "```", "~~~"] {
                assert!(!prose.contains(word), "{word} in\n{prose}");
            }
        }
    }
    let numbers: Vec<u64> = yard.issues().iter().map(|issue| issue["number"].as_u64().unwrap()).collect();
    assert_eq!(yard.apply(), "");
    assert_eq!(numbers.len(), yard.issues().len());
}

#[test]
fn effects_are_told_by_their_cause_unless_they_have_an_issue() {
    let yard = Yard::new(&[]);
    let incident = data("incident.json");
    assert!(yard.garden.gardener(&["load", &incident]).status.success());
    let plan = yard.plan();
    let part = plan.iter().find(|step| step["action"] == "part").unwrap();
    let (id, cause) = (part["cluster"]["cluster_id"].as_str().unwrap(), &part["cause"]["cluster_id"]);
    yard.apply();
    let issues = yard.issues();
    assert_eq!(issues.len(), actions(&plan).iter().filter(|action| *action == "create").count());
    let told = |issue: &&Value| {
        issue["body"].as_str().unwrap().contains(&format!("{MARK}cluster={} ", cause.as_str().unwrap()))
    };
    let body = issues.iter().find(told).unwrap()["body"].as_str().unwrap();
    let effects = body.split("### Effects\n").nth(1).unwrap();
    let name = part["cluster"]["name"].as_str().unwrap();
    assert!(effects.contains(name) && effects.contains("follows in "), "{name}\n{effects}");
    assert!(yard.plan().iter().all(|step| ["nothing", "part"].contains(&step["action"].as_str().unwrap())));

    // one that was made earlier is kept up
    yard.forget();
    let plan = |list: &str| -> Value {
        let known = yard.garden.write("known.json", list);
        let output = yard.garden.gardener(&["issues", "plan", "--existing", &known, "--format", "json"]);
        serde_json::from_slice(&output.stdout).unwrap()
    };
    let none = plan("[]");
    let marker = format!("{MARK}cluster={id} service={} -->", none["services"][0]["service"].as_str().unwrap());
    let known = plan(&json!([{"number": 7, "title": "old", "state": "OPEN", "body": marker}]).to_string());
    let steps = known["services"][0]["steps"].as_array().unwrap();
    let own = steps.iter().find(|step| step["cluster"]["cluster_id"] == id).unwrap();
    assert_eq!((&own["action"], &own["issue_number"]), (&"update".into(), &7.into()), "{own}");
}

#[test]
fn issues_are_read_from_a_pipe_and_get_labels_of_ones_own() {
    let yard = Yard::new(&failures(10));
    yard.garden.write("gardener.toml", "version = 1\n[settings]\nissue_labels = [\"team-shop\", \"gcp\"]\n");
    let plan = |list: &str| {
        let mut command = Command::new(assert_cmd::cargo::cargo_bin!("gardener"));
        command.args(["issues", "plan", "--existing", "-", "--format", "json"]).current_dir(yard.garden.path(""));
        assert_cmd::Command::from_std(command).write_stdin(list).output().unwrap()
    };
    let empty = plan("[]");
    let empty: Value = serde_json::from_slice(&empty.stdout).unwrap_or_else(|_| panic!("{}", text(&empty.stderr)));
    assert_eq!(empty["source"], "standard input");
    let step = &empty["services"][0]["steps"][0];
    assert_eq!((&step["action"], &step["labels"][3]), (&"create".into(), &"team-shop".into()));
    assert_eq!(step["labels"].as_array().unwrap().len(), 4);
    // what a command that failed leaves is no list
    let nothing = plan("");
    assert!(!nothing.status.success());
    assert!(text(&nothing.stderr).contains("standard input is not a list of issues"), "{}", text(&nothing.stderr));
}

#[test]
fn titles_of_one_name_say_what_they_differ_by() {
    let of = |service: &str, minute: u32| {
        let mut entry = entry(10, minute, "ERROR", "The connection pool of the orders database is exhausted");
        entry["resource"]["labels"]["service_name"] = service.into();
        entry["insertId"] = format!("{service}-{minute}").into();
        entry
    };
    let yard = Yard::new(&(0..4).flat_map(|n| [of("shop", n), of("store", n)]).collect::<Vec<_>>());
    let mut titles: Vec<String> = yard
        .plan()
        .iter()
        .map(|step| step["title"].as_str().unwrap().split(" | ").nth(2).unwrap().to_owned())
        .collect();
    titles.sort();
    assert!(titles[0].ends_with(" (shop)") && titles[1].ends_with(" (store)"), "{titles:?}");
}

#[test]
fn a_cluster_that_the_window_cuts_in_two_is_one_issue() {
    let lead = "Order could not be stored in the ledger of orders";
    let members = ["Payment of the customer was rolled back", "Stock of the warehouse was not reduced"];
    let traced = |day: u32, minute: u32, message: &str, trace: String| {
        let mut entry = entry(day, minute, "ERROR", message);
        entry["trace"] = format!("projects/p/traces/{trace}").into();
        entry
    };
    let together =
        (0..58u32).flat_map(|n| [lead, members[n as usize % 2]].map(|message| traced(10, n, message, format!("a{n}"))));
    // the lead is not there to hold the others together
    let apart = members.iter().zip([1, 20]).map(|(message, minute)| traced(12, minute, message, format!("b{minute}")));
    let yard = Yard::new(&together.chain(apart).collect::<Vec<_>>());
    let none = yard.garden.write("none.json", "[]");
    let arguments = ["issues", "plan", "--existing", &none, "--day", "2025-09-12", "--format", "json"];
    let plan: Value = serde_json::from_slice(&yard.garden.gardener(&arguments).stdout).unwrap();
    let steps = plan["services"][0]["steps"].as_array().unwrap();
    assert_eq!(steps.len(), 1, "{steps:?}");
    let body = steps[0]["texts"]["body"].as_str().unwrap();
    assert!(body.contains("### Also in this window\n- 1 entry: "), "{body}");
    let query = body.lines().find_map(|line| line.strip_prefix("gardener sql \"")).unwrap();
    assert_eq!(yard.garden.query(&format!("select count(*) as n from ({})", query.trim_end_matches('"')))[0]["n"], 2);
}

#[test]
fn priority_and_category_of_title_and_labels_follow_the_cluster() {
    let yard = Yard::new(&failures(10));
    yard.apply();
    yard.change(|github| {
        github["issues"][0]["title"] = "GCP-regression | P4 | Pool, as we call it".into();
        github["issues"][0]["labels"] = json!(["gcp", "P4", "regression", "bug"]);
        github["labels"].as_array_mut().unwrap().extend([json!("P4"), json!("regression")]);
    });
    yard.load("second.ndjson", &failures(11));
    let done = yard.apply();
    assert!(done.contains("edited #1 "), "{done}");
    let issue = &yard.issues()[0];
    let title = issue["title"].as_str().unwrap();
    assert!(title.ends_with(" | Pool, as we call it") && !title.contains("P4"), "{title}");
    let labels: Vec<&str> = issue["labels"].as_array().unwrap().iter().map(|label| label.as_str().unwrap()).collect();
    assert!(labels.contains(&"bug") && !labels.contains(&"P4") && !labels.contains(&"regression"), "{labels:?}");
}

const POOL: &str = "The connection pool of the orders database is exhausted";

/// Closes all issues, as done.
fn close(yard: &Yard, at: &str) {
    yard.change(|github| {
        for issue in github["issues"].as_array_mut().unwrap() {
            issue["state"] = "CLOSED".into();
            issue["closedAt"] = at.into();
            issue["stateReason"] = "COMPLETED".into();
        }
    });
}

fn reasons(plan: &[Value]) -> Vec<String> {
    plan.iter().map(|step| step["reason"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn an_old_revision_that_still_fails_opens_nothing_and_a_newer_one_does() {
    let (old, canary, fixed) = ("shop-00001-abc", "shop-00002-xyz", "shop-00003-def");
    let pool = |revision: &str, day: u32, minute: u32| entry_of(revision, day, minute, "ERROR", POOL);
    let ready = |revision: &str, day: u32, minute: u32| entry_of(revision, day, minute, "INFO", "Ready to serve");
    let yard = Yard::new(&[pool(old, 10, 0), pool(old, 10, 2), pool(canary, 10, 4)]);
    yard.apply();
    close(&yard, "2025-09-10T18:00:00Z");
    // both fail beside the one that holds the fix
    let beside = [ready(fixed, 11, 0), pool(old, 11, 5), pool(canary, 11, 6), ready(fixed, 11, 30)];
    yard.load("second.ndjson", &beside);
    let plan = yard.plan();
    assert_eq!(actions(&plan), ["link"]);
    let reason = &reasons(&plan)[0];
    assert_eq!(
        reason,
        "closed; since then it fails only in revisions up to shop-00002-xyz, and shop-00003-def is in service"
    );
    assert_eq!(yard.apply(), "");
    // an issue whose time of closing is unknown is judged by the last report
    yard.change(|github| github["issues"][0]["closedAt"] = Value::Null);
    assert_eq!(actions(&yard.plan()), ["link"]);
    close(&yard, "2025-09-10T18:00:00Z");
    // taken out of service: what serves now fails, and holds no fix
    yard.load("third.ndjson", &[pool(canary, 13, 0), ready(canary, 13, 1)]);
    assert_eq!(actions(&yard.plan()), ["reopen"]);
    yard.load("fourth.ndjson", &[ready(fixed, 13, 2)]);
    assert_eq!(actions(&yard.plan()), ["link"]);
    yard.load("fifth.ndjson", &[pool(fixed, 13, 20)]);
    let done = yard.apply();
    assert!(done.starts_with("reopened #1 "), "{done}");
    let comment = yard.issues()[0]["comments"][0].as_str().unwrap().to_owned();
    assert!(comment.contains("**New revision:** `shop-00003-def`"), "{comment}");
    assert!(!comment.contains("**New revision:** `shop-00001-abc`"), "{comment}");
}

#[test]
fn what_names_no_revision_is_back_by_time() {
    let job = |day: u32| {
        let mut entry = entry(day, 0, "ERROR", POOL);
        entry["resource"] = json!({"type": "cloud_run_job", "labels": {"job_name": "nightly", "project_id": "p"}});
        entry
    };
    let yard = Yard::new(&[job(10)]);
    yard.apply();
    close(&yard, "2025-09-10T18:00:00Z");
    assert_eq!(actions(&yard.plan()), ["link"]);
    yard.load("second.ndjson", &[job(11)]);
    assert_eq!(actions(&yard.plan()), ["reopen"]);
}

#[test]
fn an_archive_that_begins_after_the_closing_knows_the_revision_by_the_marker() {
    let first = Yard::new(&failures(10)[..6]);
    first.apply();
    close(&first, "2025-09-10T18:00:00Z");
    let ready = (0..3).map(|n| entry_of("shop-00002-xyz", 12, 10 * n, "INFO", "Ready to serve"));
    let later = Yard::new(&failures(12)[..6].iter().cloned().chain(ready).collect::<Vec<_>>());
    later.change(|github| *github = first.github());
    assert_eq!(actions(&later.plan()), ["link"], "{:?}", reasons(&later.plan()));
    later.change(|github| {
        let body = github["issues"][0]["body"].as_str().unwrap().replace(" revision=shop-00001-abc", "");
        github["issues"][0]["body"] = body.into();
    });
    assert_eq!(actions(&later.plan()), ["reopen"]);
}

fn over_quota(day: u32, tenants: &[&str]) -> Vec<Value> {
    let message = |tenant: &str| format!("tenant {tenant} is over the quota that was agreed upon");
    tenants.iter().zip(0..).map(|(tenant, n)| entry(day, n, "ERROR", &message(tenant))).collect()
}

#[test]
fn a_database_made_anew_knows_issues_by_any_member() {
    let first = Yard::new(&over_quota(10, &["ann", "bob", "eve"]));
    first.apply();
    let id = first.plan()[0]["cluster"]["cluster_id"].as_str().unwrap().to_owned();
    let cases: [&[&str]; 3] = [&["bob", "ann", "eve"], &["mia", "bob", "eve"], &["mia", "leo", "zoe"]];
    for tenants in cases {
        let later = Yard::new(&over_quota(12, tenants));
        later.change(|github| *github = first.github());
        let plan = later.plan();
        assert_ne!(plan[0]["cluster"]["cluster_id"], id, "{tenants:?}: the case shows nothing");
        assert_eq!(actions(&plan), ["update"], "{tenants:?}");
        assert!(later.apply().starts_with("commented #1 "));
        assert_eq!(later.issues().len(), 1);
        // the comment is recognised too
        later.forget();
        assert!(!later.apply().contains("commented"), "{tenants:?}");
    }
}

#[test]
fn a_cluster_whose_lead_is_not_there_is_known_by_another_member() {
    let traced = |day: u32, minute: u32, message: &str| {
        let mut entry = entry(day, minute, "ERROR", message);
        entry["trace"] = format!("projects/p/traces/{day}a{minute}").into();
        entry
    };
    let (lead, member) = ("Order could not be stored in the ledger of orders", "Payment was rolled back");
    let first = Yard::new(&(0..30).flat_map(|n| [lead, member].map(|text| traced(10, n, text))).collect::<Vec<_>>());
    first.apply();
    assert_eq!(first.issues().len(), 1);
    for message in [lead, member] {
        let later = Yard::new(&(0..5).map(|n| traced(12, n, message)).collect::<Vec<_>>());
        later.change(|github| *github = first.github());
        assert_eq!(actions(&later.plan()), ["update"], "{message}");
    }
    // another failure of the service is another issue
    let other = Yard::new(&failures(12)[..6]);
    other.change(|github| *github = first.github());
    assert_eq!(actions(&other.plan()), ["create"]);
}

#[test]
fn markers_stay_short_however_many_members_a_cluster_has() {
    let tenants: Vec<String> =
        (0..200u8).map(|n| format!("{}{}x", char::from(97 + n / 20), char::from(97 + n % 20))).collect();
    let yard = Yard::new(&over_quota(10, &tenants.iter().map(String::as_str).collect::<Vec<_>>()));
    yard.apply();
    let body = yard.issues()[0]["body"].as_str().unwrap().to_owned();
    let marker = body.lines().find(|line| line.starts_with(MARK)).unwrap();
    assert!(marker.len() < 600 && marker.contains(" ids="), "{marker}");
}

#[test]
fn an_archive_that_slides_tells_what_came_after_the_last_report() {
    let first = Yard::new(&failures(10)[..6]);
    first.apply();
    let later = Yard::new(&failures(11)[..3]);
    later.change(|github| *github = first.github());
    let plan = later.plan();
    assert_eq!((actions(&plan), &plan[0]["changes"]["more_count"]), (vec!["update".to_owned()], &json!(3)));
    assert!(later.apply().contains("commented #1 "));
    let comment = later.issues()[0]["comments"][0].as_str().unwrap().to_owned();
    let words = ["3 more entries, the last one 2025-09-11 10:02 UTC", "3 in the archive, which no longer holds all"];
    assert!(words.iter().all(|word| comment.contains(word)), "{comment}");
    assert!(!comment.contains("New revision"), "{comment}");
    assert_eq!(later.apply(), "");
    // entries of before that come late are told as well
    later.load("late.ndjson", &[entry(11, 1, "CRITICAL", POOL)]);
    assert_eq!(later.plan()[0]["changes"]["more_count"], 1);
}

/// A marker that says all there will ever be was reported.
fn forged(yard: &Yard) -> String {
    let body = yard.issues()[0]["body"].as_str().unwrap().to_owned();
    let marker = body.lines().find(|line| line.starts_with(MARK)).unwrap();
    let word = |name: &str| marker.split(' ').find_map(|word| word.strip_prefix(name)).unwrap();
    marker.replace(&format!("last={} ", word("last=")), "last=9223372036854775807 ")
}

#[test]
fn comments_of_others_are_not_believed() {
    let yard = Yard::new(&failures(10)[..6]);
    yard.apply();
    let marker = forged(&yard);
    let comment = |login: Option<&str>| {
        let author = login.map_or(json!({"login": ""}), |login| json!({"login": login}));
        json!({"body": format!("Thank you!\n\n{marker}"), "author": author, "viewerDidAuthor": false})
    };
    yard.change(|github| github["issues"][0]["comments"] = json!([comment(Some("mallory")), comment(None)]));
    yard.load("second.ndjson", &failures(11)[..6]);
    yard.forget();
    assert!(yard.apply().contains("commented #1 "));
    // another account of the same people writes as itself
    yard.change(|github| {
        github["issues"][0]["author"] = json!({"login": "app/gardening", "is_bot": true});
        github["issues"][0]["comments"] = json!([comment(Some("gardening"))]);
    });
    yard.forget();
    let done = yard.apply();
    assert!(done.contains("found #1 ") && !done.contains("commented"), "{done}");
}

#[test]
fn a_marker_of_an_issue_counts_only_from_those_who_belong_to_the_repository() {
    let yard = Yard::new(&failures(10)[..6]);
    yard.apply();
    let marker = forged(&yard);
    let stranger = |login: &str, people: Value| {
        yard.change(|github| {
            github["issues"][0]["body"] = marker.clone().into();
            github["issues"][0]["author"] = json!({"login": login, "is_bot": false});
            github["people"] = people;
        });
        yard.plan()
    };
    // the ledger knows that it was made from here
    assert_eq!(actions(&stranger("mallory", json!({}))), ["nothing"]);
    yard.forget();
    let plan = stranger("mallory", json!({"mallory": "CONTRIBUTOR"}));
    assert_eq!(actions(&plan), ["create"]);
    assert_eq!(reasons(&plan)[0], "#1 has the marker of this cluster, but mallory is not of this repository");
    for people in ["OWNER", "MEMBER", "COLLABORATOR"] {
        assert_eq!(actions(&stranger("colleague", json!({"colleague": people}))), ["nothing"], "{people}");
    }
    assert_eq!(actions(&stranger("gardener", json!({}))), ["nothing"]);
    assert_eq!(actions(&stranger("app/gardening", json!({}))), ["nothing"]);
    stranger("mallory", json!({}));
    let done = yard.apply();
    assert!(done.starts_with("created #2 "), "{done}");
    assert_eq!((yard.apply(), yard.issues().len()), (String::new(), 2));
    // a saved list is judged by the ledger
    let saved = yard.garden.write("issues.json", json!(yard.issues()).to_string());
    let output = yard.garden.gardener(&["issues", "plan", "--existing", &saved, "--gh", "/nowhere/gh"]);
    let said = text(&output.stdout);
    assert!(said.contains("nothing to do") && said.contains("#2 "), "{said} {}", text(&output.stderr));
}

#[test]
fn a_ledger_of_an_earlier_version_is_read() {
    let yard = Yard::new(&failures(10)[..6]);
    yard.apply();
    let output = yard.garden.gardener(&["sql", "--unsafe", "alter table issue_actions drop column revision"]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert_eq!(yard.apply(), "");
    yard.load("second.ndjson", &failures(11)[..6]);
    assert!(yard.apply().contains("commented #1 "));
}
