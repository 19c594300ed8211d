//! Issues on GitHub: against a stand-in for `gh` that keeps them in a file (`programs/gh.py`).

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
    let more: Vec<Value> = (0..3)
        .map(|n| entry_of("shop-00002-xyz", 11, n, "ERROR", "The connection pool of the orders database is exhausted"))
        .collect();
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
    let output = std::process::Command::new(assert_cmd::cargo::cargo_bin!("gardener"))
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
fn causes_get_their_issue_first_and_are_referred_to() {
    let yard = Yard::new(&[]);
    let incident = data("incident.json");
    assert!(yard.garden.gardener(&["load", &incident]).status.success());
    yard.apply();
    let issues = yard.issues();
    let follows = issues.iter().find_map(|issue| {
        let line = issue["body"].as_str()?.lines().find(|line| line.starts_with("- Follows #"))?;
        Some((issue["number"].as_u64()?, line["- Follows #".len()..].split(':').next()?.parse::<u64>().ok()?))
    });
    let (effect, cause) = follows.unwrap();
    assert!(cause < effect);
    assert!(issues.iter().any(|issue| issue["number"] == cause));
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
