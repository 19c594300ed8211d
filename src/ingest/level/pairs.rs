//! `key=value` pairs and objects that were cut off: the level among them, and what was said.

use super::words;

/// `key=value` pairs or the members of an object.
pub(super) struct Pairs {
    /// With the place of what was said, if a key says so.
    pub level: Option<(&'static str, Option<usize>)>,
    /// How long the first pair is.
    pub first: usize,
}

/// The pairs that a line is made of.
pub(super) fn keyed(rest: &str) -> Option<Pairs> {
    const LEVELS: [&str; 10] = [
        "level=",
        "lvl=",
        "severity=",
        "loglevel=",
        "log.level=",
        "\"level\":",
        "\"severity\":",
        "\"lvl\":",
        "\"levelname\":",
        "\"log.level\":",
    ];
    const SAID: [&str; 8] = ["msg=", "message=", "event=", "\"msg\":", "\"message\":", "\"event\":", "err=", "error="];
    let line = &rest[..rest.floor_char_boundary(1_000)];
    let key = line.find(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '_' | '.' | '-' | '@'))?;
    let is_object = line.starts_with("{\"");
    if !is_object && (key == 0 || !line[key..].starts_with('=') || line[key + 1..].starts_with([' ', '='])) {
        return None;
    }
    let value = |key: &str| {
        let starts = |at: &usize| *at == 0 || matches!(line.as_bytes()[at - 1], b' ' | b',' | b'{' | b'\t');
        let at = line.match_indices(key).map(|(at, _)| at).find(starts)? + key.len();
        Some(at + line[at..].len() - line[at..].trim_start_matches(' ').len())
    };
    let level = LEVELS.iter().filter_map(|key| value(key)).find_map(|at| {
        let word = line[at..].trim_start_matches(['"', '\'']);
        let end = word.find(|c: char| !c.is_ascii_alphanumeric() && c != '+').unwrap_or(word.len());
        words::in_field(&word[..end])
    });
    let said = SAID.iter().find_map(|key| value(key)).map(|at| at + usize::from(line[at..].starts_with(['"', '\''])));
    let first = line.find(char::is_whitespace).unwrap_or(line.len());
    Some(Pairs { level: level.map(|level| (level, said)), first })
}
