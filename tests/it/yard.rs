//! A garden with a stand-in for GitHub in it, and what its issues say outside of code.

use std::{fs, os::unix::fs::PermissionsExt, process::Output};

use serde_json::{Value, json};

use super::support::{Garden, project, text};

pub(crate) const MARK: &str = "<!-- log-gardener ";

/// A garden with a stand-in for GitHub in it.
pub(crate) struct Yard {
    pub garden: Garden,
    pub gh: String,
}

impl Yard {
    /// With what is in a garden, and a GitHub without issues.
    pub(crate) fn of(garden: &Garden) -> Self {
        let copy = Garden::new();
        garden.copy_to(&copy.path(""));
        Self::furnished(copy)
    }

    pub(crate) fn new(entries: &[Value]) -> Self {
        let yard = Self::furnished(Garden::new());
        if !entries.is_empty() {
            yard.load("first.ndjson", entries);
        }
        yard
    }

    fn furnished(garden: Garden) -> Self {
        let script = fs::read(project().join("tests/it/programs/gh.py")).unwrap();
        let gh = garden.write("gh", script);
        fs::set_permissions(&gh, fs::Permissions::from_mode(0o755)).unwrap();
        let yard = Yard { garden, gh };
        yard.set(&json!({"issues": [], "labels": ["bug"], "calls": []}));
        yard
    }

    pub(crate) fn load(&self, name: &str, entries: &[Value]) {
        let lines: Vec<String> = entries.iter().map(Value::to_string).collect();
        let path = self.garden.write(name, lines.join("\n") + "\n");
        let output = self.garden.gardener(&["load", &path]);
        assert!(output.status.success(), "{}", text(&output.stderr));
    }

    pub(crate) fn github(&self) -> Value {
        serde_json::from_slice(&fs::read(self.garden.path("github.json")).unwrap()).unwrap()
    }

    fn set(&self, github: &Value) {
        self.garden.write("github.json", github.to_string());
    }

    pub(crate) fn change(&self, change: impl FnOnce(&mut Value)) {
        let mut github = self.github();
        change(&mut github);
        self.set(&github);
    }

    pub(crate) fn fail(&self, kind: &str, nth: u32, when: &str) {
        self.change(|github| {
            github["calls"] = json!([]);
            github["fail"] = json!({"kind": kind, "nth": nth, "when": when});
        });
    }

    pub(crate) fn issues(&self) -> Vec<Value> {
        self.github()["issues"].as_array().unwrap().clone()
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Output {
        let mut all = vec!["issues"];
        all.extend(arguments);
        all.extend(["--gh", &self.gh, "--repo", "o/r", "--last", "7d"]);
        self.garden.gardener(&all)
    }

    /// Applies, and answers what was done.
    pub(crate) fn apply(&self) -> String {
        let output = self.run(&["apply", "--yes"]);
        assert!(output.status.success(), "{}", text(&output.stderr));
        text(&output.stdout)
    }

    pub(crate) fn plan(&self) -> Vec<Value> {
        let output = self.run(&["plan", "--format", "json"]);
        assert!(output.status.success(), "{}", text(&output.stderr));
        let plan: Value = serde_json::from_slice(&output.stdout).unwrap();
        plan["services"].as_array().unwrap().iter().flat_map(|part| part["steps"].as_array().unwrap().clone()).collect()
    }

    pub(crate) fn forget(&self) {
        let output = self.garden.gardener(&["sql", "--unsafe", "drop table issue_actions"]);
        assert!(output.status.success(), "{}", text(&output.stderr));
    }

    pub(crate) fn commands(&self, kind: &str) -> usize {
        let calls = self.github()["calls"].as_array().unwrap().clone();
        calls
            .iter()
            .filter(|call| format!("{} {}", call[0].as_str().unwrap(), call[1].as_str().unwrap()) == kind)
            .count()
    }
}

/// A text without its fenced blocks, all of which are closed, and without code spans.
pub(crate) fn prose_of(text: &str) -> String {
    let (mut prose, mut fence) = (String::new(), None::<&str>);
    for line in text.lines() {
        let ticks = &line[..line.len() - line.trim_start_matches('`').len()];
        match fence {
            None if ticks.len() >= 3 && !line[ticks.len()..].contains('`') => fence = Some(ticks),
            None => prose.push_str(&format!("{}\n", without_spans(line))),
            Some(open) if line.trim_end() == open => fence = None,
            Some(_) => {}
        }
    }
    assert_eq!(fence, None, "a fence stays open in\n{text}");
    prose
}

/// Without the characters that a backslash stands before.
pub(crate) fn without_escapes(text: &str) -> String {
    let mut chars = text.chars();
    let mut out = String::new();
    while let Some(c) = chars.next() {
        if c == '\\' {
            chars.next();
        } else {
            out.push(c);
        }
    }
    out
}

fn without_spans(line: &str) -> String {
    let (mut out, mut rest) = (String::new(), line);
    while let Some(at) = rest.find('`') {
        let run = &rest[at..at + rest[at..].len() - rest[at..].trim_start_matches('`').len()];
        let after = &rest[at + run.len()..];
        let is_escaped = rest[..at].ends_with('\\');
        let end = after
            .match_indices(run)
            .map(|(end, _)| end)
            .find(|&end| !after[..end].ends_with('`') && !after[end + run.len()..].starts_with('`'));
        match end.filter(|_| !is_escaped) {
            Some(end) => {
                out.push_str(&rest[..at]);
                rest = &after[end + run.len()..];
            }
            None => {
                out.push_str(&rest[..at + run.len()]);
                rest = after;
            }
        }
    }
    out + rest
}
