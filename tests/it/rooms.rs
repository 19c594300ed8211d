//! Which room may use which: the crate's own paths are read from `src/`, and an arrow that runs the wrong way fails.
//!
//! A room is a top-level module. An arrow is a path that starts in one room and ends in another: `crate::report::...`, or
//! `super::...` that climbs out of a room, in a `use` line or anywhere else. Tests may use what they like.

use std::{collections::BTreeSet, path::Path};

use super::support::project;

/// Rooms that know something of logs, archives or worklogs.
const DOMAIN: [&str; 20] = [
    "archive",
    "config",
    "engine",
    "ingest",
    "interrupt",
    "issues",
    "mcp",
    "mine",
    "model",
    "report",
    "repository",
    "rules",
    "sample",
    "schema",
    "shell",
    "sql",
    "stats",
    "store",
    "text",
    "time",
];

/// Rooms of the command line. They may use every other.
const PROGRAM: [&str; 2] = ["cli", "commands"];

/// From where, to where, and why not.
const FORBIDDEN: [(&[&str], &[&str], &str); 7] = [
    (&DOMAIN, &PROGRAM, "no room depends on the command line"),
    (&["text"], &DOMAIN, "text depends on no other room"),
    (&["schema"], &DOMAIN, "schemas are made of what others describe"),
    (&["time"], &DOMAIN, "time depends on no other room"),
    (&["rules"], &["report"], "rules do not know how they are shown"),
    (&["store"], &["ingest"], "the store does not know what it stores"),
    (&["engine"], &["report"], "engines count, they do not render"),
];

#[derive(Debug, Clone, PartialEq, Eq)]
struct Arrow {
    file: String,
    line: usize,
    /// The module that the path stands in, from the crate's root.
    module: Vec<String>,
    to: String,
}

impl Arrow {
    fn from(&self) -> &str {
        &self.module[0]
    }

    fn fault(&self) -> Option<String> {
        let (from, to) = (self.from(), self.to.as_str());
        let rule = FORBIDDEN.iter().find(|(sources, targets, _)| sources.contains(&from) && targets.contains(&to));
        let why = match rule {
            Some((_, _, why)) => why,
            None if DOMAIN.contains(&to) || PROGRAM.contains(&to) => return None,
            None => "the target is no room; the rooms are listed in tests/it/rooms.rs",
        };
        Some(format!("{}:{}: {from} -> {to}: {why}", self.file, self.line))
    }
}

#[test]
fn every_room_exists_and_is_listed() {
    let source = project().join("src");
    let listed: BTreeSet<String> = DOMAIN.iter().chain(&PROGRAM).map(|&name| name.to_owned()).collect();
    let names = std::fs::read_dir(source).unwrap().map(|entry| entry.unwrap().path());
    let found: BTreeSet<String> = names.map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned()).collect();
    let found: BTreeSet<String> = found.into_iter().filter(|name| name != "lib" && name != "main").collect();
    assert_eq!(found, listed, "left: modules in src, right: rooms that this test lists");
}

#[test]
fn no_arrow_runs_the_wrong_way() {
    let arrows = arrows_of_the_crate();
    assert!(arrows.iter().any(|arrow| arrow.from() == "commands" && arrow.to == "cli"), "too few arrows are read");
    let faults: Vec<String> = arrows.iter().filter_map(Arrow::fault).collect();
    assert!(faults.is_empty(), "{} arrows run the wrong way:\n{}", faults.len(), faults.join("\n"));
}

/// Arrows between rooms, without those of test modules.
fn arrows_of_the_crate() -> Vec<Arrow> {
    let root = project();
    let pattern = root.join("src/**/*.rs");
    let mut all = Reading::default();
    for path in glob::glob(pattern.to_str().unwrap()).unwrap() {
        let path = path.unwrap();
        let file = path.strip_prefix(&root).unwrap();
        let Some(module) = module_of(file) else { continue };
        let source = std::fs::read_to_string(&path).unwrap();
        let reading = read(&file.display().to_string(), module, &source);
        all.arrows.extend(reading.arrows);
        all.test_modules.extend(reading.test_modules);
    }
    let is_tested = |arrow: &Arrow| !all.test_modules.iter().any(|module| arrow.module.starts_with(module));
    all.arrows.into_iter().filter(is_tested).collect()
}

/// `src/mine/trace/go.rs` is `mine::trace::go`; the crate's roots are no room.
fn module_of(file: &Path) -> Option<Vec<String>> {
    let path = file.with_extension("");
    let mut module: Vec<String> = path.iter().skip(1).map(|part| part.to_str().unwrap().to_owned()).collect();
    module.pop_if(|name| name == "mod");
    (module != ["lib"] && module != ["main"]).then_some(module)
}

#[derive(Default)]
struct Reading {
    arrows: Vec<Arrow>,
    /// Modules under `#[cfg(test)]` that lie in files of their own.
    test_modules: Vec<Vec<String>>,
}

fn read(file: &str, module: Vec<String>, source: &str) -> Reading {
    let tokens = tokens(source);
    let word = |at: usize| tokens.get(at).map_or("", |(_, text)| *text);
    let mut reading = Reading::default();
    let (mut inside, mut depth) = (vec![(module, 0)], 0);
    let mut at = 0;
    while at < tokens.len() {
        let module = &inside[inside.len() - 1].0;
        let start = at;
        at += 1;
        match word(start) {
            "#" if is_test_attribute(&tokens[start..]) => {
                let item = start + item_length(&tokens[start..]);
                if let Some(name) = (start..item).find(|&at| word(at) == "mod" && word(at + 2) == ";") {
                    reading.test_modules.push([&module[..], &[word(name + 1).to_owned()]].concat());
                }
                at = item;
            }
            "mod" if word(at + 1) == "{" => {
                depth += 1;
                inside.push(([&module[..], &[word(at).to_owned()]].concat(), depth));
                at += 2;
            }
            "{" => depth += 1,
            "}" => {
                inside.pop_if(|(_, opened_at)| *opened_at == depth);
                depth -= 1;
            }
            "crate" | "super" if word(at) == "::" => {
                let mut climbed = if word(start) == "crate" { module.len() } else { 1 };
                while word(at + 1) == "super" {
                    climbed += 1;
                    at += 2;
                }
                if climbed == module.len() {
                    let targets = first_names(&tokens[at + 1..]);
                    let others = targets.into_iter().filter(|(_, to)| *to != module[0] && *to != "self");
                    reading.arrows.extend(others.map(|(line, to)| Arrow {
                        file: file.to_owned(),
                        line,
                        module: module.clone(),
                        to: to.to_owned(),
                    }));
                }
            }
            _ => {}
        }
    }
    reading
}

/// `#[cfg(test)]`, or a longer condition that asks for tests.
fn is_test_attribute(tokens: &[Token<'_>]) -> bool {
    let words: Vec<&str> = tokens.iter().map(|(_, text)| *text).take_while(|text| *text != "]").collect();
    words.starts_with(&["#", "[", "cfg"]) && words.contains(&"test") && !words.contains(&"not")
}

/// How many tokens an attribute and its item have: up to the item's `;` or the end of its braces.
fn item_length(tokens: &[Token<'_>]) -> usize {
    let mut depth = 0;
    for (at, (_, text)) in tokens.iter().enumerate() {
        match *text {
            "(" | "[" | "{" => depth += 1,
            ")" | "]" | "}" => depth -= 1,
            _ => {}
        }
        if depth == 0 && matches!(*text, ";" | "}") {
            return at + 1;
        }
    }
    tokens.len()
}

/// The name that stands here, or the first name of each path in a group: `a` and `b` of `{a::x, b::{y, z}}`.
fn first_names<'a>(tokens: &[Token<'a>]) -> Vec<Token<'a>> {
    if tokens.first().is_none_or(|(_, text)| *text != "{") {
        return tokens.first().copied().into_iter().collect();
    }
    let mut names = Vec::new();
    let (mut depth, mut is_first) = (0, false);
    for &(line, text) in tokens {
        match text {
            "{" => depth += 1,
            "}" => depth -= 1,
            _ if depth == 1 && is_first => names.push((line, text)),
            _ => {}
        }
        is_first = depth == 1 && matches!(text, "{" | ",");
        if depth == 0 {
            break;
        }
    }
    names
}

/// A line's number and a word or a mark.
type Token<'a> = (usize, &'a str);

/// Words and marks of Rust source, without comments, strings, characters and lifetimes.
fn tokens(source: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let (mut at, mut line) = (0, 1);
    while let Some(first) = source[at..].chars().next() {
        let rest = &source[at..];
        let (length, is_code) = match passed_over(rest) {
            Some(length) => (length, false),
            None if is_word(first) => (rest.find(|c| !is_word(c)).unwrap_or(rest.len()), true),
            None if rest.starts_with("::") => (2, true),
            None => (first.len_utf8(), !first.is_whitespace()),
        };
        let text = &rest[..length];
        if is_code {
            tokens.push((line, text));
        }
        line += text.matches('\n').count();
        at += length;
    }
    tokens
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// The length of a comment, string, character or lifetime that starts here.
fn passed_over(rest: &str) -> Option<usize> {
    if rest.starts_with("//") {
        return Some(rest.find('\n').unwrap_or(rest.len()));
    }
    if rest.starts_with("/*") {
        return Some(block_comment(rest));
    }
    let after_prefix = rest.trim_start_matches(['b', 'c', 'r']);
    let prefix = rest.len() - after_prefix.len();
    let is_raw = prefix > 0 && rest[..prefix].ends_with('r');
    let hashes = after_prefix.len() - after_prefix.trim_start_matches('#').len();
    if prefix <= 2 && is_raw && after_prefix[hashes..].starts_with('"') {
        let (start, end) = (prefix + hashes + 1, format!("\"{}", "#".repeat(hashes)));
        return Some(rest[start..].find(&end).map_or(rest.len(), |found| start + found + end.len()));
    }
    if prefix <= 1 && after_prefix.starts_with('"') {
        return Some(prefix + quoted(after_prefix, '"'));
    }
    if after_prefix.starts_with('\'') && prefix <= 1 {
        let mut inner = after_prefix[1..].chars();
        let is_character = inner.next() == Some('\\') || inner.next() == Some('\'');
        return Some(prefix + if is_character { quoted(after_prefix, '\'') } else { 1 });
    }
    None
}

/// Block comments may stand in one another.
fn block_comment(rest: &str) -> usize {
    let (mut depth, mut at) = (0, 0);
    while at < rest.len() {
        match &rest.as_bytes()[at..rest.len().min(at + 2)] {
            b"/*" => (depth, at) = (depth + 1, at + 2),
            b"*/" => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
        if depth == 0 {
            break;
        }
    }
    at
}

/// Up to the closing quote, escaped ones aside.
fn quoted(rest: &str, quote: char) -> usize {
    let mut is_escaped = false;
    let end = rest.char_indices().skip(1).find(|&(_, c)| {
        let ends = c == quote && !is_escaped;
        is_escaped = c == '\\' && !is_escaped;
        ends
    });
    end.map_or(rest.len(), |(at, _)| at + 1)
}

/// Arrows of made-up source as `line: from -> to`, to show that the reader finds what is there and nothing else.
fn arrows_in(file: &str, source: &str) -> Vec<String> {
    let reading = read(file, module_of(Path::new(file)).unwrap(), source);
    reading.arrows.iter().map(|arrow| format!("{}: {} -> {}", arrow.line, arrow.from(), arrow.to)).collect()
}

#[test]
fn arrows_are_read_from_every_kind_of_path() {
    let source = "\
use crate::report::escape;
use crate::{
    mine::{Kind, trace},
    report, store::Store as Other,
};
use super::super::time::{self, Period};
fn f(x: &'a str) -> crate::engine::Engine { super::near(b'\\'', '\"'); crate::ingest::g() }
mod inner {
    use super::super::super::cli::Cli;
    use super::super::near;
}
use super::super::{model, stats::beta};
";
    let expected = [
        "1: rules -> report",
        "3: rules -> mine",
        "4: rules -> report",
        "4: rules -> store",
        "6: rules -> time",
        "7: rules -> engine",
        "7: rules -> ingest",
        "9: rules -> cli",
        "12: rules -> model",
        "12: rules -> stats",
    ];
    assert_eq!(arrows_in("src/rules/errors.rs", source), expected);
    assert_eq!(
        arrows_in("src/rules/mod.rs", "use super::report::a; use self::b; use super::super::c;"),
        ["1: rules -> report"]
    );
    assert_eq!(
        arrows_in("src/archive.rs", "pub use super::{store, model};"),
        ["1: archive -> store", "1: archive -> model"]
    );
}

#[test]
fn what_is_no_arrow_is_passed_over() {
    let source = r##"
//! See [`crate::report`].
/* crate::report /* crate::report */ crate::report */
use crate::rules::Rule;
use super::model::Rule;
pub(crate) struct A<'a>(&'a str);
pub(in crate::rules) const TEXT: &str = "crate::report \" crate::report";
const RAW: &[u8] = br#"crate::report " crate::report"#;
#[cfg(test)]
use crate::{report::x, cli};
#[cfg(test)]
#[path = "x.rs"]
mod more;
#[cfg(test)]
mod tests {
    use crate::report::x;
    fn f() { crate::cli::g() }
}
"##;
    assert!(arrows_in("src/rules/errors.rs", source).is_empty(), "{:?}", arrows_in("src/rules/errors.rs", source));
    let reading = read("src/rules/mod.rs", vec!["rules".into()], "#[cfg(test)]\nmod tests;\nuse crate::mine;");
    assert_eq!(reading.test_modules, [["rules", "tests"]]);
    assert_eq!(reading.arrows.len(), 1);
}

#[test]
fn a_wrong_arrow_is_named_with_its_place() {
    let fault = |file: &str, source: &str| {
        let arrows = read(file, module_of(Path::new(file)).unwrap(), source).arrows;
        arrows[0].fault()
    };
    assert_eq!(
        fault("src/store/mod.rs", "\nuse crate::ingest::entry;").as_deref(),
        Some("src/store/mod.rs:2: store -> ingest: the store does not know what it stores")
    );
    assert_eq!(
        fault("src/text/csv.rs", "use crate::time;").as_deref(),
        Some("src/text/csv.rs:1: text -> time: text depends on no other room")
    );
    assert!(fault("src/mine/id.rs", "use crate::attic;").is_some_and(|fault| fault.contains("mine -> attic")));
    assert_eq!(fault("src/commands/run.rs", "use crate::cli::Cli;"), None);
    assert_eq!(fault("src/report/mod.rs", "use crate::rules::Rule;"), None);
}
