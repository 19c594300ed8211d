//! A garden of its own for each test, and the questions tests ask of it.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
    sync::{Arc, LazyLock, Mutex, OnceLock},
};

use regex::Regex;
use serde_json::Value;
use tempfile::TempDir;

/// Times of runs are fixed, so that worklogs are the same each time.
pub(crate) const AS_OF: &str = "2025-12-01T00:00:00Z";

/// Where gardens that several tests copy are kept, until the next run of the tests.
static MADE_GARDENS: LazyLock<PathBuf> = LazyLock::new(|| {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("gardens");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
});

type Made = Arc<OnceLock<PathBuf>>;

fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let copy = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy_folder(&path, &copy);
        } else {
            fs::copy(&path, copy).unwrap();
        }
    }
}

pub(crate) struct Garden {
    folder: TempDir,
}

impl Garden {
    pub(crate) fn new() -> Self {
        Self { folder: TempDir::new().unwrap() }
    }

    /// A garden with exports loaded and worklogs written: made once for the same words, then copied.
    pub(crate) fn of(exports: &[&str], more: &[&str]) -> Self {
        static MADE: LazyLock<Mutex<BTreeMap<Vec<String>, Made>>> = LazyLock::new(Mutex::default);
        let words = exports.iter().chain(more).map(|&word| word.to_owned()).collect();
        let made = Arc::clone(MADE.lock().unwrap().entry(words).or_default());
        let made = made.get_or_init(|| {
            let garden = Self::new();
            let output = garden.run(exports, more);
            assert!(output.status.success(), "{}", text(&output.stderr));
            let kept = tempfile::tempdir_in(&*MADE_GARDENS).unwrap().keep();
            copy_folder(garden.folder.path(), &kept);
            kept
        });
        let garden = Self::new();
        copy_folder(made, garden.folder.path());
        garden
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn copy_to(&self, folder: &Path) {
        copy_folder(self.folder.path(), folder);
    }

    pub(crate) fn write(&self, name: &str, content: impl AsRef<[u8]>) -> String {
        let path = self.path(name);
        fs::write(&path, content).unwrap();
        path.display().to_string()
    }

    pub(crate) fn gardener(&self, arguments: &[&str]) -> Output {
        self.gardener_in("", arguments)
    }

    /// In a folder of the garden.
    pub(crate) fn gardener_in(&self, folder: &str, arguments: &[&str]) -> Output {
        Command::new(assert_cmd::cargo::cargo_bin!("gardener"))
            .args(arguments)
            .current_dir(self.path(folder))
            .output()
            .unwrap()
    }

    pub(crate) fn run(&self, exports: &[&str], more: &[&str]) -> Output {
        let exports: Vec<String> = exports.iter().map(|export| data(export)).collect();
        let mut arguments = vec!["run"];
        arguments.extend(exports.iter().map(String::as_str));
        arguments.extend(more);
        self.gardener(&arguments)
    }

    pub(crate) fn query(&self, sql: &str) -> Vec<Value> {
        let output = self.gardener(&["sql", "--format", "json", sql]);
        assert!(output.status.success(), "{sql}\n{}", text(&output.stderr));
        serde_json::from_slice(&output.stdout).unwrap()
    }

    pub(crate) fn number(&self, sql: &str) -> i64 {
        let row = &self.query(sql)[0];
        row.as_object().unwrap().values().next().unwrap().as_i64().unwrap()
    }

    /// The worklogs written, by name.
    pub(crate) fn worklogs(&self) -> Vec<(String, String)> {
        let mut files: Vec<(String, String)> = fs::read_dir(self.path("worklogs"))
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.extension().is_some_and(|ending| ending == "md"))
            // without `latest.md` and the overview
            .filter(|path| {
                let name = path.file_name().unwrap().to_string_lossy();
                !name.starts_with("latest") && name != "services.md"
            })
            .map(|path| {
                let name = path.file_name().unwrap().to_string_lossy().into_owned();
                (name, fs::read_to_string(&path).unwrap())
            })
            .collect();
        files.sort();
        files
    }

    /// The same as any other database of the same entries would have them.
    pub(crate) fn worklogs_of_any(&self) -> Vec<(String, String)> {
        self.worklogs().into_iter().map(|(name, text)| (name, without_salt(&text))).collect()
    }

    /// The one worklog whose name holds a word.
    pub(crate) fn worklog(&self, word: &str) -> Worklog {
        let found: Vec<_> = self.worklogs().into_iter().filter(|(name, _)| name.contains(word)).collect();
        assert_eq!(found.len(), 1, "worklogs with `{word}`");
        let (name, text) = found.into_iter().next().unwrap();
        Worklog { page: self.page(&name), text }
    }

    /// The HTML page beside a worklog, empty without one.
    pub(crate) fn page(&self, worklog: &str) -> String {
        let page = self.path("worklogs").join(worklog).with_extension("html");
        fs::read_to_string(page).unwrap_or_default()
    }
}

/// The folder of the project as cargo tells it at run time: one target folder may serve several checkouts.
pub(crate) fn project() -> PathBuf {
    std::env::var_os("CARGO_MANIFEST_DIR").unwrap().into()
}

/// A path of the sample archives, or a path as it is.
pub(crate) fn data(name: &str) -> String {
    let path = project().join("data").join(name);
    if path.exists() { path.display().to_string() } else { name.to_owned() }
}

pub(crate) fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// What stands for hidden values differs from database to database.
pub(crate) fn without_salt(text: &str) -> String {
    static STAND_IN: LazyLock<Regex> = LazyLock::new(|| Regex::new(STAND_IN_DIGITS).unwrap());
    STAND_IN.replace_all(text, "$1:[salted]$2").into_owned()
}

/// The digits of a stand-in, in text or in HTML.
const STAND_IN_DIGITS: &str = "\\b(key|token|password|private-key|card|email|ip):[0-9a-f]{6}(>|&gt;)";

/// A worklog in its sections.
pub(crate) struct Worklog {
    pub text: String,
    pub page: String,
}

impl Worklog {
    /// From a heading that begins so, up to the next one of its level or above.
    pub(crate) fn section(&self, heading: &str) -> &str {
        let is_first = self.text.starts_with(heading);
        let found = self.text.find(&format!("\n{heading}")).map(|at| at + 1);
        let start = if is_first { 0 } else { found.unwrap_or_else(|| panic!("no section `{heading}`")) };
        let level = heading.chars().take_while(|&c| c == '#').count();
        let body = &self.text[start..];
        let mut at = body.find('\n').unwrap_or(body.len());
        while let Some(next) = body[at..].find("\n#") {
            at += next + 1;
            if body[at..].chars().take_while(|&c| c == '#').count() <= level {
                return &body[..at];
            }
        }
        body
    }

    /// What stands behind `**Label:**` in a section.
    pub(crate) fn label<'a>(&self, section: &'a str, label: &str) -> &'a str {
        let marker = format!("**{label}:** ");
        let line = section.lines().find(|line| line.contains(&marker)).unwrap_or_else(|| panic!("no label `{label}`"));
        line[line.find(&marker).unwrap() + marker.len()..].trim_end()
    }

    /// The sample of a section, as JSON.
    pub(crate) fn sample(&self, section: &str) -> Value {
        let start = section.find("```json\n").unwrap() + 8;
        let end = section[start..].find("\n```").unwrap() + start;
        serde_json::from_str(&section[start..end]).unwrap()
    }

    pub(crate) fn cluster(&self, number: usize) -> &str {
        self.section(&format!("## Issue Cluster {number}: "))
    }
}
