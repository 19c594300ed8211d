//! Pictures of all that the program renders of the two sample archives, each whole. What only moves code changes none of
//! them; what changes one shows in it what users will see.
//!
//! Left out is what differs from run to run or from machine to machine: how long something took, the version, folders, the
//! digits of stand-ins.

mod cases;
mod comparisons;
mod histories;
mod issue_texts;
mod lists;
mod page;
mod program;
mod worklogs;
mod wrong;

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
    sync::LazyLock,
};

use regex::Regex;

use super::support::{Garden, data, text, without_salt};

/// A sample archive in a garden that all pictures of it share; what writes gets a copy.
struct Archive {
    name: &'static str,
    garden: Garden,
}

static SAMPLE: LazyLock<Archive> = LazyLock::new(|| Archive::load("sample", "sample.ndjson", Some("gardener.toml")));
static INCIDENT: LazyLock<Archive> = LazyLock::new(|| Archive::load("incident", "incident.json", None));

const DATABASE: &str = "garden.duckdb";

impl Archive {
    fn load(name: &'static str, export: &str, config: Option<&str>) -> Self {
        let garden = Garden::new();
        for file in [Some(export), config].into_iter().flatten() {
            fs::copy(data(file), garden.path(file)).unwrap();
        }
        garden.write("none.json", "[]");
        for arguments in [vec!["load", export], vec!["build"]] {
            let output = gardener(&garden, &arguments);
            assert!(output.status.success(), "{}", text(&output.stderr));
        }
        Archive { name, garden }
    }

    fn copy(&self) -> Garden {
        let garden = Garden::new();
        for file in files(&self.garden.path("")) {
            fs::copy(&file, garden.path(name_of(&file))).unwrap();
        }
        garden
    }

    /// The picture of a command and all that it prints, where it only reads.
    fn picture_of(&self, arguments: &[&str]) {
        picture(self.name, &snapshot_name(arguments), &seen(&self.garden, arguments));
    }
}

/// The files of a folder, without those in folders of it.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<PathBuf> = entries.filter(|path| path.is_file()).collect();
    files.sort();
    files
}

fn name_of(path: &Path) -> &str {
    path.file_name().unwrap().to_str().unwrap()
}

/// What would change the width or the colours of what is printed, or which programs run.
const LEFT_OUT: [&str; 7] =
    ["COLUMNS", "LINES", "NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "GARDENER_GH", "RUST_BACKTRACE"];

fn command(garden: &Garden, program: impl AsRef<std::ffi::OsStr>) -> Command {
    let mut command = Command::new(program);
    LEFT_OUT.iter().for_each(|name| _ = command.env_remove(name));
    command.current_dir(garden.path(""));
    command
}

fn gardener(garden: &Garden, arguments: &[&str]) -> Output {
    command(garden, assert_cmd::cargo::cargo_bin!("gardener")).args(arguments).output().unwrap()
}

/// A command as it is typed, what it prints, its messages, and its status where that is not 0.
fn seen(garden: &Garden, arguments: &[&str]) -> String {
    shown(garden, arguments, &gardener(garden, arguments))
}

fn shown(garden: &Garden, arguments: &[&str], output: &Output) -> String {
    static TAKEN: LazyLock<Regex> = LazyLock::new(|| Regex::new(r" *\b\d+\.\d+ (m?s)\b").unwrap());
    let typed = arguments.iter().map(|word| match word.contains(' ') || word.is_empty() {
        true if word.contains('\'') => format!("\"{word}\""),
        true => format!("'{word}'"),
        false => (*word).to_owned(),
    });
    let mut shown = format!("$ gardener {}\n{}", typed.collect::<Vec<_>>().join(" "), text(&output.stdout));
    if !output.stderr.is_empty() {
        shown += &format!("[standard error]\n{}", TAKEN.replace_all(&text(&output.stderr), " [time] $1"));
    }
    match output.status.code() {
        Some(0) => {}
        status => shown += &format!("[status {}]\n", status.unwrap()),
    }
    without_folder(garden, &shown)
}

fn without_folder(garden: &Garden, shown: &str) -> String {
    shown.replace(garden.path("").to_str().unwrap().trim_end_matches('/'), "[garden]")
}

fn snapshot_name(words: &[&str]) -> String {
    let name = if words.is_empty() { "gardener".to_owned() } else { words.join(" ") };
    name.replace(|c: char| !c.is_ascii_alphanumeric() && !"._".contains(c), "-").trim_matches('-').to_owned()
}

/// Compares a text with its snapshot.
fn picture(folder: &str, name: &str, text: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(format!("snapshots/{folder}"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.add_filter(&format!(r"\b{}\b", regex::escape(env!("CARGO_PKG_VERSION"))), "[version]");
    settings.add_filter(r"\(DuckDB [0-9.]+\)", "(DuckDB [version])");
    settings.bind(|| insta::assert_snapshot!(name, without_salt(text)));
}

/// Snapshots of which there is no picture any more are no proof of anything.
fn assert_no_others(folder: &str, names: &[String]) {
    let kept = super::support::project().join("tests/it/pictures/snapshots").join(folder);
    let kept: Vec<PathBuf> = files(&kept).into_iter().filter(|path| path.extension().unwrap() == "snap").collect();
    let mut kept: Vec<&str> = kept.iter().map(|path| name_of(path).trim_end_matches(".snap")).collect();
    let mut names = names.to_vec();
    kept.sort();
    names.sort();
    assert_eq!(kept, names, "snapshots of `{folder}`");
}
