//! Each command as a user calls it.

use serde_json::Value;

use super::support::{AS_OF, Garden, data, text, without_salt};

#[test]
fn run_prints_the_paths_of_what_it_wrote() {
    let garden = Garden::new();
    let output = garden.run(&["incident.json"], &[]);
    assert!(output.status.success());
    let printed = text(&output.stdout);
    assert_eq!(printed.trim(), "worklogs/GCP-LOG-GARDENER-WORKLOG-latest-2025-10-06-0941-UTC.md");
    assert!(garden.path(printed.trim()).is_file());
    assert!(text(&output.stderr).contains("loaded 106 new entries from 1 file,"));
}

#[test]
fn run_again_costs_nothing_and_changes_nothing() {
    let garden = Garden::of(&["incident.json"], &["--as-of", AS_OF]);
    let before = garden.worklogs();
    let output = garden.run(&["incident.json"], &["--as-of", AS_OF]);
    let said = text(&output.stderr);
    assert!(said.contains("nothing new: 1 file loaded already"), "{said}");
    assert!(said.contains("models are up to date"), "{said}");
    assert_eq!(garden.worklogs(), before);
}

#[test]
fn steps_by_themselves_give_what_run_gives() {
    let whole = Garden::of(&["incident.json"], &["--as-of", AS_OF]);
    let steps = Garden::new();
    for arguments in [vec!["load", &data("incident.json")], vec!["build"], vec!["worklog", "--as-of", AS_OF]] {
        let output = steps.gardener(&arguments);
        assert!(output.status.success(), "{}", text(&output.stderr));
    }
    assert_eq!(steps.worklogs_of_any(), whole.worklogs_of_any());
}

#[test]
fn an_export_comes_from_standard_input_too() {
    let garden = Garden::new();
    let output = assert_cmd::Command::cargo_bin("gardener")
        .unwrap()
        .args(["load", "-"])
        .current_dir(garden.path(""))
        .write_stdin(std::fs::read(data("incident.json")).unwrap())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", text(&output.stderr));
    garden.gardener(&["build"]);
    assert_eq!(garden.number("select count(*) from entries"), 106);
}

#[test]
fn sql_answers_in_four_formats() {
    let garden = Garden::of(&["incident.json"], &[]);
    let query = "select severity, count(*) as n, [1, 2] as list from entries group by all order by n desc, severity";
    let answer = |format: &str| text(&garden.gardener(&["sql", "--format", format, query]).stdout);
    insta::assert_snapshot!(
        ["csv", "json", "ndjson", "table"].map(|format| format!("{format}:\n{}", answer(format))).join("\n")
    );
}

#[test]
fn sql_only_reads() {
    let garden = Garden::of(&["incident.json"], &[]);
    for query in ["delete from raw_entries", "create table t (i int)", "copy (select 1) to 'x.csv'"] {
        let output = garden.gardener(&["sql", query]);
        assert_eq!(output.status.code(), Some(2), "{query}");
    }
    assert!(!garden.path("x.csv").exists());
    assert_eq!(garden.number("select count(*) from entries"), 106);
}

#[test]
fn the_named_relations_are_there() {
    let garden = Garden::of(&["incident.json"], &[]);
    for relation in [
        "files",
        "rejects",
        "entries",
        "shapes",
        "pattern_aliases",
        "patterns",
        "pattern_minutes",
        "revision_minutes",
        "incidents",
        "pattern_links",
        "variable_values",
        "samples",
        "coverage",
        "clusters",
        "revisions",
        "worklogs",
    ] {
        garden.query(&format!("select * from {relation} limit 1"));
    }
    for relation in ["patterns", "pattern_minutes", "revision_minutes", "incidents", "clusters", "samples"] {
        assert!(garden.number(&format!("select count(*) from {relation}")) > 0, "{relation}");
    }
}

#[test]
fn template_groups_plain_lines() {
    let garden = Garden::new();
    let lines = garden
        .write("lines.txt", "user 17 logged in\nuser 18 logged in\nVM Started\nVM Paused\n\"quoted\", with a comma\n");
    let csv = text(&garden.gardener(&["template", "--format", "csv", &lines]).stdout);
    let rows: Vec<&str> = csv.lines().collect();
    assert_eq!(rows[0], "line,pattern,template");
    assert_eq!(rows.len(), 6);
    let pattern = |row: usize| rows[row].split(',').nth(1).unwrap();
    assert_eq!(pattern(1), pattern(2));
    assert_ne!(pattern(3), pattern(4));
    assert!(rows[1].ends_with(",user <*> logged in"));
    let table = text(&garden.gardener(&["template", &lines]).stdout);
    assert!(table.contains("        2  ") && table.contains("user <*> logged in"), "{table}");
}

#[test]
fn the_sample_archives_are_what_the_generator_writes() {
    let garden = Garden::new();
    for (arguments, name) in
        [(vec!["sample", "--seed", "42"], "sample.ndjson"), (vec!["sample", "--story", "incident"], "incident.json")]
    {
        assert!(garden.gardener(&arguments).stdout == std::fs::read(data(name)).unwrap(), "{name}");
    }
    let many = garden.gardener(&["sample", "--entries", "5000", "--layout", "array"]);
    let list: Vec<Value> = serde_json::from_slice(&many.stdout).unwrap();
    assert_eq!(list.len(), 5000);
}

#[test]
fn a_demo_holds_what_it_names() {
    let garden = Garden::new();
    let output = garden.gardener(&["demo", "demo"]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert!(std::fs::read(garden.path("demo/sample.ndjson")).unwrap() == std::fs::read(data("sample.ndjson")).unwrap());
    assert!(std::fs::read_to_string(garden.path("demo/comparison.md")).unwrap().contains("CRITICAL_AUTH_FAILURE"));
    let printed = text(&output.stdout);
    let (files, commands) = printed.split_once("Try these").unwrap();
    let named = |text: &str, start: &str| -> Vec<String> {
        let names = text.lines().map(|line| line.trim().split("  ").next().unwrap_or_default().to_owned());
        names.filter(|name| name.starts_with(start)).collect()
    };
    let (files, commands) = (named(files, "demo"), named(commands, "gardener "));
    assert!(files.len() > 3 && commands.len() > 3, "{printed}");
    for file in files {
        assert!(garden.path(&file).is_file(), "{file}");
    }
    for command in commands {
        // the shell needs a terminal
        let query = if command == "gardener sql" { vec!["from clusters"] } else { vec![] };
        let words: Vec<&str> = command.split(' ').skip(1).chain(query).collect();
        let output = garden.gardener_in("demo", &words);
        assert!(output.status.success(), "{command}\n{}", text(&output.stderr));
    }
    // what is there stays as it is
    let again = garden.gardener(&["demo", "demo"]);
    assert_eq!(again.status.code(), Some(2));
    assert!(text(&again.stderr).contains("`demo` is not empty"), "{}", text(&again.stderr));
}

#[test]
fn a_worklog_is_printed_and_leaves_nothing_behind() {
    let garden = Garden::of(&["sample.ndjson"], &["--as-of", AS_OF]);
    let kept = garden.number("select count(*) from worklogs");
    let print = |more: &[&str]| {
        let mut arguments = vec!["worklog", "--as-of", AS_OF, "--out", "-"];
        arguments.extend(more);
        garden.gardener(&arguments)
    };
    let both = text(&print(&[]).stdout);
    assert_eq!(both.matches("\n## Executive Summary\n").count(), 2);
    let one = ["--service", "orchard-auth-staging"];
    let written = garden.worklog("orchard-auth-staging").text;
    assert_eq!(without_salt(&text(&print(&one).stdout)), without_salt(&written));
    let page = text(&print(&[one[0], one[1], "--format", "html"]).stdout);
    assert!(page.starts_with("<!doctype html>") && page.ends_with("</html>\n"), "{page}");
    let json = text(&print(&["--format", "json"]).stdout);
    assert!(json.lines().count() == 2 && json.lines().all(|line| serde_json::from_str::<Value>(line).is_ok()));
    let pages = print(&["--format", "html"]);
    assert!(pages.stdout.is_empty() && text(&pages.stderr).contains("`--service` selects one of 2"));
    assert!(!garden.path("-").exists());
    assert_eq!(garden.number("select count(*) from worklogs"), kept);
    let history = garden.gardener(&["history", "--out", "-"]);
    assert!(text(&history.stderr).contains("a history is a folder of files"), "{}", text(&history.stderr));
}

#[test]
fn windows_choose_what_a_worklog_is_about() {
    let garden = Garden::of(&["sample.ndjson"], &["--as-of", AS_OF]);
    let cases = [
        (vec!["--last", "1h"], "last-1-hour-orchard-backend-staging-2025-09-14-1447"),
        (
            vec!["--day", "2025-09-12", "--service", "orchard-auth-staging"],
            "2025-09-12-orchard-auth-staging-2025-09-12-2359",
        ),
        (vec!["--from", "2025-09-13", "--to", "2025-09-13T12:00"], "to-2025-09-13-1200-orchard-backend-staging"),
    ];
    for (window, name) in cases {
        let mut arguments = vec!["worklog", "--as-of", AS_OF];
        arguments.extend(&window);
        let printed = text(&garden.gardener(&arguments).stdout);
        assert!(printed.contains(name), "{window:?} wrote {printed}");
    }
    let shifted = garden.gardener(&["worklog", "--tz", "Europe/Berlin", "--out", "berlin"]);
    let path = text(&shifted.stdout).lines().find(|line| line.contains("backend")).unwrap().to_owned();
    let berlin = std::fs::read_to_string(garden.path(&path)).unwrap();
    assert!(berlin.contains("2025-09-14T16:47:29+02:00"));
}
