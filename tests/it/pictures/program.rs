//! The program itself: its commands, the help of each, and what is said by those that are about no archive in particular.

use super::{
    super::support::{AS_OF, Garden, text},
    INCIDENT, SAMPLE, assert_no_others, gardener, picture, seen, snapshot_name,
};

/// Each command with those in it, as the program lists them; the first is the program alone.
pub(super) fn commands() -> Vec<Vec<String>> {
    let garden = Garden::new();
    let mut found = vec![Vec::new()];
    let mut at = 0;
    while at < found.len() {
        let words: Vec<&str> = found[at].iter().map(String::as_str).chain(["-h"]).collect();
        let inner = listed(&text(&gardener(&garden, &words).stdout));
        let inner: Vec<Vec<String>> = inner.into_iter().map(|name| [&found[at][..], &[name]].concat()).collect();
        found.extend(inner);
        at += 1;
    }
    found
}

/// The names under `Commands:` in a help.
fn listed(help: &str) -> Vec<String> {
    let lines = help.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    let names = lines.filter_map(|line| line.strip_prefix("  ")?.split(' ').next());
    names.filter(|name| !name.is_empty() && *name != "help").map(str::to_owned).collect()
}

#[test]
fn the_help_of_each_command() {
    let garden = Garden::new();
    let mut names = Vec::new();
    for command in commands() {
        let words: Vec<&str> = command.iter().map(String::as_str).collect();
        names.push(snapshot_name(&words));
        let [short, long] = ["-h", "--help"].map(|option| seen(&garden, &[&words[..], &[option]].concat()));
        let is_same = short.split_once('\n').unwrap().1 == long.split_once('\n').unwrap().1;
        picture("help", names.last().unwrap(), &if is_same { long } else { short + "\n" + &long });
    }
    assert!(names.len() > 20, "{names:?}");
    assert_no_others("help", &names);
}

#[test]
fn the_program_alone() {
    let empty = Garden::new();
    let mut printed = seen(&empty, &[]);
    empty.write("one.json", "");
    printed += &seen(&empty, &[]);
    empty.write("two.json", "");
    printed += &(seen(&empty, &[]) + &seen(&SAMPLE.garden, &[]) + &seen(&INCIDENT.garden, &[]));
    picture("program", "gardener", &(printed + &seen(&empty, &["--version"])));
    picture("program", "man", &seen(&empty, &["man"]));
    picture("program", "forms", &seen(&empty, &["forms"]));
    picture("program", "demo", &seen(&empty, &["demo"]));
}

#[test]
fn the_first_configuration() {
    let garden = Garden::new();
    let printed = seen(&garden, &["init"]) + &seen(&garden, &["rules", "check"]);
    picture("program", "init", &printed);
    picture("program", "gardener.toml", &std::fs::read_to_string(garden.path("gardener.toml")).unwrap());
}

#[test]
fn patterns_of_plain_lines() {
    let garden = Garden::new();
    garden
        .write("lines.txt", "user 17 logged in\nuser 18 logged in\nVM Started\nVM Paused\n\"quoted\", with a comma\n");
    let printed = ["table", "csv"].map(|format| seen(&garden, &["template", "lines.txt", "--format", format]));
    picture("program", "template", &printed.concat());
}

#[test]
fn what_is_said_on_the_way() {
    let garden = SAMPLE.copy();
    std::fs::remove_file(garden.path(super::DATABASE)).unwrap();
    for file in ["incident.json", "incident.copy.json"] {
        std::fs::copy(INCIDENT.garden.path("incident.json"), garden.path(file)).unwrap();
    }
    garden.write("notes.md", "no export");
    garden.write("broken.ndjson", "{\"insertId\": \"a\", \"timestamp\": \"2025-09-14T10:00:00Z\"}\n{\"textPayl\n[1]\n");
    let steps: [&[&str]; 9] = [
        &["load", "sample.ndjson"],
        &["load", "sample.ndjson", "incident.json"],
        &["load", "sample.ndjson"],
        &["load", "incident.copy.json", "broken.ndjson"],
        &["load", "."],
        &["build", "--verbose"],
        &["build"],
        &["run", "sample.ndjson", "--as-of", AS_OF],
        &["run", "sample.ndjson", "--as-of", AS_OF, "--quiet"],
    ];
    picture("program", "steps", &steps.map(|arguments| seen(&garden, arguments)).concat());
    let other = ["build", "--db", "other.duckdb", "--engine", "duckdb", "--source", "sample.ndjson"];
    picture("program", "build-elsewhere", &seen(&garden, &other));
    picture("program", "explain", &seen(&garden, &["patterns", "--limit", "1", "--explain"]));
    let saved = seen(&garden, &["sql", "--save", "mine", "-- Counts.\nselect count(*) as n from entries"]);
    picture("program", "saved-query", &(saved + &seen(&garden, &["queries", "mine"]) + &seen(&garden, &["queries"])));
}
