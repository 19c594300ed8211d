//! Every command that writes, killed and with a full disk: the database opens and holds all or nothing of it, files are whole
//! or as they were, and the same command then does what it would have done.
//!
//! `KILLS` says at how many moments, spread evenly over the time that the command takes.

use std::{
    collections::BTreeMap,
    fs,
    path::Path,
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use serde_json::Value;

use super::{
    support::{AS_OF, Garden, text},
    yard::Yard,
};

/// A command, what has to be done before, and how many KiB a file may have for it to fail; 0 where nothing of it has to be large. `GH` is the stand-in for `gh`.
struct Writing {
    words: &'static [&'static str],
    before: &'static [&'static str],
    too_small: u32,
}

const WRITING: [Writing; 11] = [
    Writing { words: &["load", "more.ndjson"], before: &[], too_small: 40 },
    Writing { words: &["build"], before: &[], too_small: 40 },
    Writing { words: &["run", "more.ndjson", "--as-of", AS_OF], before: &[], too_small: 40 },
    Writing { words: &["worklog", "--format", "md,html,json", "--as-of", AS_OF], before: &["build"], too_small: 4 },
    Writing { words: &["history", "--out", "days", "--as-of", AS_OF], before: &["build"], too_small: 4 },
    Writing { words: &["issues", "apply", "--yes", "--gh", "GH"], before: &["build"], too_small: 0 },
    Writing { words: &["init"], before: &[], too_small: 1 },
    Writing { words: &["sql", "-o", "rows.csv", "from raw_entries"], before: &[], too_small: 4 },
    Writing { words: &["sql", "-o", "rows.parquet", "from raw_entries"], before: &[], too_small: 4 },
    Writing {
        words: &["sql", "--unsafe", "create or replace table kept as from raw_entries"],
        before: &[],
        too_small: 0,
    },
    Writing { words: &["sql", "--save", "mine", "-f", "long.sql"], before: &[], too_small: 4 },
];

impl Writing {
    fn words<'a>(&self, yard: &'a Yard) -> Vec<&'a str> {
        self.words.iter().map(|word| if *word == "GH" { yard.gh.as_str() } else { word }).collect()
    }

    /// Where the command begins.
    fn yard(&self, origin: &Garden) -> Yard {
        let yard = Yard::of(origin);
        if !self.before.is_empty() {
            assert!(yard.garden.gardener(self.before).status.success());
        }
        yard
    }
}

/// Loaded, and not built.
fn origin() -> Garden {
    let garden = Garden::new();
    for (name, seed) in [("first.ndjson", "1"), ("more.ndjson", "2")] {
        let output = garden.gardener(&["sample", "--entries", "80", "--days", "1", "--seed", seed]);
        garden.write(name, output.stdout);
    }
    garden.write("long.sql", format!("select 1 -- {}", "x".repeat(20_000)));
    assert!(garden.gardener(&["load", "first.ndjson"]).status.success());
    garden
}

/// What stands in a folder and those below, but the database and what is on its way to its place.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() {
            found.extend(files(&path).into_iter().map(|(inner, bytes)| (format!("{name}/{inner}"), bytes)));
        } else if !name.starts_with("garden.duckdb") && !name.starts_with('.') && name != "github.json" {
            found.insert(name, fs::read(path).unwrap());
        }
    }
    found
}

/// How many rows tables of the database have, where they are there.
fn counts(garden: &Garden) -> Vec<Option<i64>> {
    let config = duckdb::Config::default().access_mode(duckdb::AccessMode::ReadOnly).unwrap();
    let connection = duckdb::Connection::open_with_flags(garden.path("garden.duckdb"), config).unwrap();
    let count = |table: &str| connection.query_row(&format!("select count(*) from {table}"), [], |row| row.get(0)).ok();
    ["files", "raw_entries", "raw_shapes", "patterns", "worklogs", "kept"].into_iter().map(count).collect()
}

/// The titles of the issues that were made.
fn issues(yard: &Yard) -> Vec<Value> {
    yard.issues().iter().map(|issue| issue["title"].clone()).collect()
}

/// All that a command may have written.
struct State {
    files: BTreeMap<String, Vec<u8>>,
    counts: Vec<Option<i64>>,
    issues: Vec<Value>,
}

impl State {
    fn of(yard: &Yard) -> Self {
        Self { files: files(&yard.garden.path("")), counts: counts(&yard.garden), issues: issues(yard) }
    }
}

/// Nothing is half there, and the command does its work when it is run again.
fn check(writing: &Writing, yard: &Yard, before: &State, wanted: &State, what: &str) {
    let words = writing.words(yard);
    let found = State::of(yard);
    // `run` loads, builds and writes, one after the other
    let is_one_step = words[0] != "run";
    for (at, count) in found.counts.iter().enumerate() {
        let is_known = *count == before.counts[at] || *count == wanted.counts[at];
        assert!(is_known || !is_one_step, "{words:?} {what}: {:?} of {:?}", found.counts, wanted.counts);
    }
    for (name, bytes) in &found.files {
        let is_whole = [before, wanted].iter().any(|state| state.files.get(name) == Some(bytes));
        assert!(is_whole, "{words:?} {what}: `{name}` is in pieces");
    }
    let again = yard.garden.gardener(&words);
    let said = text(&again.stderr);
    // what must not be overwritten was written before the end
    let is_there = ["init", "sql"].contains(&words[0]) && said.contains("exists");
    assert!(again.status.success() || is_there, "{words:?} {what}: {said}");
    let after = State::of(yard);
    assert_eq!(after.issues, wanted.issues, "{words:?} {what}");
    assert_eq!(after.counts[..4], wanted.counts[..4], "{words:?} {what}");
    assert!(after.files.keys().eq(wanted.files.keys()), "{words:?} {what}: {:?}", after.files.keys());
}

/// Has every command fail in some way, as often as it is asked for, and checks what is left.
fn each(times: u32, is_tried: fn(&Writing) -> bool, fail: impl Fn(&Writing, &Yard, Duration, u32) -> String) {
    let origin = origin();
    for writing in WRITING.iter().filter(|writing| is_tried(writing)) {
        let yard = writing.yard(&origin);
        let before = State::of(&yard);
        let ready = Garden::new();
        yard.garden.copy_to(&ready.path(""));
        let start = Instant::now();
        let output = yard.garden.gardener(&writing.words(&yard));
        let took = start.elapsed();
        assert!(output.status.success(), "{:?}: {}", writing.words, text(&output.stderr));
        let wanted = State::of(&yard);
        for time in 1..=times {
            let yard = Yard::of(&ready);
            let what = fail(writing, &yard, took, time);
            check(writing, &yard, &before, &wanted, &what);
        }
    }
}

#[test]
fn what_is_killed_leaves_nothing_between() {
    let times = std::env::var("KILLS").ok().and_then(|count| count.parse().ok()).unwrap_or(1);
    each(
        times,
        |_| true,
        |writing, yard, took, time| {
            let mut child = Command::new(assert_cmd::cargo::cargo_bin!("gardener"))
                .args(writing.words(yard))
                .current_dir(yard.garden.path(""))
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .spawn()
                .unwrap();
            let wait = took * time / (times + 1);
            thread::sleep(wait);
            child.kill().unwrap();
            child.wait().unwrap();
            format!("killed after {wait:?} of {took:?}")
        },
    );
}

#[test]
fn a_full_disk_leaves_nothing_between() {
    each(
        1,
        |writing| writing.too_small > 0,
        |writing, yard, _, _| {
            // a limit on the size of files whose signal is ignored, so that writing fails as on a full disk
            let script = format!("trap '' XFSZ; ulimit -f {}; exec \"$0\" \"$@\"", writing.too_small);
            let gardener = assert_cmd::cargo::cargo_bin!("gardener");
            let words = writing.words(yard);
            let output = Command::new("bash")
                .args(["-c", &script])
                .arg(gardener)
                .args(&words)
                .current_dir(yard.garden.path(""))
                .output()
                .unwrap();
            let said = text(&output.stderr);
            assert_eq!(output.status.code(), Some(2), "{words:?}: {said}");
            assert!(said.contains("File too large") || said.contains("cannot write"), "{words:?}: {said}");
            format!("with a full disk: {said}")
        },
    );
}

#[test]
fn what_cannot_be_printed_is_an_error() {
    let garden = Garden::new();
    garden.write("lines.txt", "boom 1\nboom 2\n");
    for words in ["sample", "template lines.txt", "template lines.txt --format csv", "forms", "completions bash"] {
        let script = format!("exec \"$0\" {words} > /dev/full");
        let gardener = assert_cmd::cargo::cargo_bin!("gardener");
        let output =
            Command::new("bash").args(["-c", &script]).arg(gardener).current_dir(garden.path("")).output().unwrap();
        let said = text(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{words}: {said}");
        assert!(said.contains("No space left"), "{words}: {said}");
    }
}
