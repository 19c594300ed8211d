//! Files that the program writes, as they are put into snapshots.

use std::{fs, path::Path};

use super::{histories, name_of, picture};

/// What every worklog's file begins with.
const PREFIX: &str = "GCP-LOG-GARDENER-WORKLOG-";

/// A file under its own name.
pub(super) fn picture_file(folder: &str, path: &Path) {
    let name = name_of(path);
    picture_as(folder, name.strip_prefix(PREFIX).unwrap_or(name), path);
}

pub(super) fn picture_as(folder: &str, name: &str, path: &Path) {
    let text = fs::read_to_string(path).unwrap();
    let text = match path.extension().unwrap().to_str().unwrap() {
        "html" => page(name, &text),
        "json" => indented(&text),
        _ => text,
    };
    picture(folder, name, &text);
}

/// JSON is written in one line; broken into lines it can be compared, and nothing else of it differs.
fn indented(text: &str) -> String {
    let (mut lines, mut depth, mut is_string, mut is_escaped) = (String::new(), 0, false, false);
    for c in text.chars() {
        let is_close = !is_string && (c == '}' || c == ']');
        depth -= usize::from(is_close);
        if is_close {
            lines += &format!("\n{}", "  ".repeat(depth));
        }
        lines.push(c);
        is_string ^= c == '"' && !is_escaped;
        is_escaped = c == '\\' && !is_escaped;
        depth += usize::from(!is_string && (c == '{' || c == '['));
        if !is_string && (c == '{' || c == '[' || c == ',') {
            lines += &format!("\n{}", "  ".repeat(depth));
        }
    }
    lines
}

/// A page without style, script and their hashes, which are files of their own, and, but on the page that is about nothing
/// else, without the texts of queries.
fn page(name: &str, text: &str) -> String {
    let text = between(text, "<style>", "</style>", include_str!("../../../reports/assets/page.css"), "[page.css]");
    let text = between(&text, "<script>", "</script>", include_str!("../../../reports/assets/page.js"), "[page.js]");
    let hash = regex::Regex::new("sha256-[A-Za-z0-9+/=]+").unwrap();
    let text = hash.replace_all(&text, "sha256-[hash]").into_owned();
    let queries = histories::queries();
    if name != "queries.html" && text.contains(histories::QUERIES) {
        assert_eq!(text.matches(&queries).count(), 1, "{name} has other queries than `queries.html`");
        return text.replace(&queries, "[the queries of queries.html]");
    }
    text
}

/// With a word in place of a part that has to be there once, as it is expected.
fn between(text: &str, start: &str, end: &str, part: &str, word: &str) -> String {
    let part = format!("{start}{part}{end}");
    assert_eq!(text.matches(&part).count(), 1, "{word}");
    text.replace(&part, &format!("{start}{word}{end}"))
}
