//! What a statement of several lines is known by: its head, with what a printed object says of the failure.

use super::{
    empty_head::EmptyHead,
    lines::{is_head_alone, is_ruler},
};

/// Keys whose value says what happened, the most telling first.
const SAYING: [&str; 8] = ["message", "error", "msg", "detail", "details", "reason", "description", "code"];
/// Keys that name what it is about.
const NAMING: [&str; 5] = ["path", "field", "param", "property", "loc"];
/// More of them are left out.
const MOST_FOUND: usize = 3;
const BYTES: usize = 200;

/// The head line, with the message found in the lines below.
pub fn head(messages: &[&str]) -> String {
    let lines: Vec<&str> = messages.iter().flat_map(|message| message.lines()).map(str::trim).collect();
    let is_telling = |line: &&str| line.chars().any(char::is_alphanumeric);
    let Some(at) = lines.iter().position(|line| is_telling(line) || !is_ruler(line) && !line.is_empty()) else {
        return lines.concat();
    };
    if let Some(empty) = EmptyHead::of(lines[at]) {
        let said =
            lines[at + 1..].iter().map(|line| empty.said(line)).find(|said| said.chars().any(char::is_alphanumeric));
        return format!("{} {}", lines[at], cut(said.unwrap_or_default())).trim_end().to_owned();
    }
    let opened = lines[at].trim_end_matches(['{', '[', '(']).trim_end();
    let below = &lines[at + 1..];
    let said = if opened.len() < lines[at].len() { said(below, !is_telling(&opened)) } else { None };
    match said {
        Some(said) if opened.contains(&said) => opened.to_owned(),
        Some(said) if opened.is_empty() => said,
        Some(said) => format!("{opened}{} {said}", if opened.ends_with(char::is_alphanumeric) { ":" } else { "" }),
        None if opened.is_empty() => cut(&lines[at..].join(" ")).to_owned(),
        None if opened.ends_with(':') || is_head_alone(opened) => {
            let next = below.iter().find(|line| is_telling(line)).map_or("", |line| cut(line));
            format!("{opened} {next}").trim_end().to_owned()
        }
        None => lines[at].to_owned(),
    }
}

fn cut(text: &str) -> &str {
    text[..text.floor_char_boundary(BYTES)].trim_end()
}

/// `LAMP_OIL_URL Needed`: the messages with what they are about. A code alone says something only where the head is
/// silent.
fn said(lines: &[&str], is_silent: bool) -> Option<String> {
    let pairs: Vec<(&str, String)> =
        lines.iter().enumerate().filter_map(|(at, line)| pair(line, &lines[at + 1..])).collect();
    let values =
        |key: &str| pairs.iter().filter(|(known, _)| *known == key).map(|(_, value)| value).collect::<Vec<_>>();
    let names: Vec<&String> = NAMING.iter().map(|key| values(key)).find(|names| !names.is_empty()).unwrap_or_default();
    let says = |key: &&&str| **key != "code" || is_silent || !names.is_empty();
    let said = SAYING.iter().filter(says).map(|key| values(key)).find(|said| !said.is_empty())?;
    let mut found: Vec<String> = Vec::new();
    for (at, text) in said.iter().enumerate() {
        let name = if names.len() == 1 { names.first() } else { names.get(at).filter(|_| names.len() == said.len()) };
        let text = name.filter(|name| !text.contains(**name)).map_or((*text).clone(), |name| format!("{name} {text}"));
        if found.len() < MOST_FOUND && !found.contains(&text) {
            found.push(text);
        }
    }
    Some(cut(&found.join(", ")).to_owned())
}

/// `"key": "value",` or `key: 'value'`; a list of values may follow in the lines below.
fn pair<'t>(line: &'t str, below: &[&str]) -> Option<(&'t str, String)> {
    let (key, value) = line.split_once(": ").or_else(|| line.split_once('='))?;
    let key = key.trim_start_matches(['{', '[', ' ']).trim_matches(['"', '\'']);
    if !SAYING.contains(&key) && !NAMING.contains(&key) {
        return None;
    }
    let value = value.trim();
    let value = match value.strip_prefix('[') {
        Some("") => {
            let items = below.iter().take_while(|line| !line.starts_with(']')).take(8);
            items.filter_map(|line| scalar(line)).collect::<Vec<_>>().join(".")
        }
        Some(list) => {
            let list = list.trim_end_matches(['}', ',', ' ']).strip_suffix(']')?;
            list.split(',').filter_map(scalar).collect::<Vec<_>>().join(".")
        }
        None => scalar(value)?.to_owned(),
    };
    (!value.is_empty()).then_some((key, value))
}

/// A text or number; objects and null are none.
fn scalar(value: &str) -> Option<&str> {
    let value = value.trim().trim_end_matches([',', '}', ' ']);
    let value = value.trim_end_matches(['+', ' ']);
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\'' | '`'));
    let text = match quote {
        Some(quote) => value[1..].strip_suffix(quote).unwrap_or(&value[1..]),
        None if value.starts_with(['{', '[', '<', '(']) => return None,
        None => value,
    };
    (!matches!(text, "" | "null" | "undefined" | "None" | "true" | "false")).then_some(text)
}
