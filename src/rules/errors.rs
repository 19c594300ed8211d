//! Errors in a file of rules: the line, what is wrong in it, and what to write instead.

use std::ops::Range;

use anyhow::anyhow;

use crate::text::words;

/// `gardener.toml:12: message`, the line with a caret under `span`, and a hint, which may also be the part of `message`
/// behind `\nhint: `.
pub fn at(file: &str, text: &str, span: Option<Range<usize>>, message: &str) -> anyhow::Error {
    let (message, hint) = match message.split_once("\nhint: ") {
        Some((message, hint)) => (message, format!("\n\nhint: {hint}")),
        None => (message, String::new()),
    };
    let Some(span) = span else {
        return anyhow!("{file}: {message}{hint}");
    };
    let start = span.start.min(text.len());
    let line_start = text[..start].rfind('\n').map_or(0, |at| at + 1);
    let line = text[line_start..].lines().next().unwrap_or_default();
    let number = text[..start].matches('\n').count() + 1;
    let column = text[line_start..start].chars().count();
    let covered = text.get(start..span.end.min(line_start + line.len())).unwrap_or_default();
    let carets = "^".repeat(covered.chars().count().max(1));
    let shown = line.replace('\t', " ");
    anyhow!("{file}:{number}: {message}\n{number:>5} | {shown}\n      | {:column$}{carets}{hint}", "")
}

/// An error of the TOML reader, in our words.
pub fn from_toml(file: &str, text: &str, error: &toml::de::Error) -> anyhow::Error {
    at(file, text, error.span(), &reworded(error.message()))
}

fn reworded(message: &str) -> String {
    for (theirs, ours) in [("unknown field `", "unknown key `"), ("unknown variant `", "unknown value `")] {
        let parts = message.strip_prefix(theirs).and_then(|rest| rest.split_once("`, expected "));
        if let Some((found, allowed)) = parts {
            let allowed = allowed.trim_start_matches("one of ");
            let names: Vec<&str> = allowed.split('`').skip(1).step_by(2).collect();
            let guess = words::nearest(found, names.iter().copied())
                .map_or(String::new(), |name| format!("did you mean `{name}`? "));
            return format!("{ours}{found}`\nhint: {guess}allowed here: {}", quoted(&names));
        }
    }
    match message.strip_prefix("missing field `").and_then(|rest| rest.strip_suffix('`')) {
        Some("match") => {
            "a rule without conditions\nhint: add a table [rule.match] with at least one condition".to_owned()
        }
        Some("set") => {
            "a rule that sets nothing\nhint: add a table [rule.set], for example with `name` and `priority`".to_owned()
        }
        Some(key) => format!("the key `{key}` is missing"),
        None => message.to_owned(),
    }
}

fn quoted(names: &[&str]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_at_the_place() {
        let error = at("r.toml", "a = 1\nbb = \"é\" # x\n", Some(11..15), "wrong\nhint: right");
        assert_eq!(error.to_string(), "r.toml:2: wrong\n    2 | bb = \"é\" # x\n      |      ^^^\n\nhint: right");
        assert_eq!(at("r.toml", "", Some(0..0), "empty").to_string(), "r.toml:1: empty\n    1 | \n      | ^");
        assert_eq!(at("r.toml", "", None, "empty").to_string(), "r.toml: empty");
    }
}
