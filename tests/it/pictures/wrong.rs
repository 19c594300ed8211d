//! What is said when something is wrong, for every command: status 2, nothing on standard output.

use super::{
    super::support::Garden,
    DATABASE, SAMPLE, assert_no_others,
    cases::{CASES, FILES},
    files, gardener, picture,
    program::commands,
    shown, snapshot_name,
};

/// The files that the command lines name, in a garden of the sample's.
fn garden() -> Garden {
    let garden = SAMPLE.copy();
    std::fs::create_dir(garden.path("folder")).unwrap();
    for (name, text) in FILES {
        garden.write(name, text);
    }
    for folder in ["templates", "models"] {
        std::fs::create_dir(garden.path(folder)).unwrap();
    }
    garden.write("templates/worklog.md", "# {{ service\n");
    garden.write("models/mine.sql", "select nothing_here from entries");
    // a build that fails with a model of one's own is left to a copy
    std::fs::copy(garden.path(DATABASE), garden.path("copy.duckdb")).unwrap();
    let prepare: [&[&str]; 2] =
        [&["load", "sample.ndjson", "--db", "unbuilt.duckdb"], &["worklog", "--format", "json", "--out", "worklogs"]];
    prepare.iter().for_each(|arguments| assert!(gardener(&garden, arguments).status.success()));
    let documents = files(&garden.path("worklogs")).into_iter().filter(|path| path.extension().unwrap() == "json");
    for (document, name) in documents.zip(["one.json", "two.json"]) {
        std::fs::copy(document, garden.path(name)).unwrap();
    }
    garden
}

/// The command that a command line begins with.
fn command_of<'a>(commands: &'a [Vec<String>], line: &[&str]) -> &'a [String] {
    let begins = |command: &&Vec<String>| command.len() <= line.len() && command.iter().zip(line).all(|(a, b)| a == b);
    commands.iter().filter(begins).max_by_key(|command| command.len()).unwrap()
}

#[test]
fn errors_of_each_command() {
    let garden = garden();
    let before: Vec<_> = files(&garden.path(""));
    let commands = commands();
    let (mut names, mut others) = (Vec::new(), Vec::new());
    for command in &commands {
        let lines: Vec<_> = CASES.iter().filter(|line| command_of(&commands, line) == command).collect();
        assert!(!lines.is_empty(), "no wrong command line for `gardener {}`", command.join(" "));
        let mut said = String::new();
        for line in lines {
            let output = gardener(&garden, line);
            if output.status.code() != Some(2) || !output.stdout.is_empty() {
                others.push(line);
            }
            said += &(shown(&garden, line, &output) + "\n");
        }
        let words: Vec<&str> = command.iter().map(String::as_str).collect();
        names.push(snapshot_name(&words));
        picture("errors", names.last().unwrap(), &said);
    }
    assert!(others.is_empty(), "no errors, or something on standard output: {others:?}");
    assert_no_others("errors", &names);
    let written: Vec<_> = files(&garden.path("")).into_iter().filter(|path| !before.contains(path)).collect();
    // an engine that finds no entries leaves the database that it was to fill
    assert_eq!(written, [garden.path("counted.duckdb")]);
}
