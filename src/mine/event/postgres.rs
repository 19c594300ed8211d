//! PostgreSQL tells an error in several lines: `ERROR:  text`, then `DETAIL:`, `HINT:`, `CONTEXT:` and `STATEMENT:`, each
//! with the same time and process before it.

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Part<'t> {
    pub process: &'t str,
    /// Whether it belongs to the line before.
    pub goes_on: bool,
}

/// How far into a line its word stands.
const REACH: usize = 200;
const HEADS: [&str; 8] =
    ["ERROR:  ", "FATAL:  ", "PANIC:  ", "WARNING:  ", "NOTICE:  ", "LOG:  ", "INFO:  ", "DEBUG:  "];
const NEXT: [&str; 7] =
    ["DETAIL:  ", "HINT:  ", "CONTEXT:  ", "STATEMENT:  ", "QUERY:  ", "LOCATION:  ", "BACKTRACE:  "];

/// What a line is to such an error; two blanks behind the colon are PostgreSQL's own.
pub(super) fn part(text: &str) -> Option<Part<'_>> {
    let line = text.lines().next()?;
    let line = &line[..line.floor_char_boundary(REACH)];
    let colon = line.find(":  ")?;
    let start = line[..colon].trim_end_matches(|c: char| c.is_ascii_uppercase()).len();
    let word = &line[start..colon + 3];
    let goes_on = NEXT.contains(&word);
    if !goes_on && !HEADS.contains(&word) {
        return None;
    }
    Some(Part { process: process(&line[..start]), goes_on })
}

/// The same of a shape, which has one blank where there were two: cheap, and true of some others.
pub(super) fn may_go_on(shape: &str) -> bool {
    NEXT.iter().any(|word| shape.contains(word.trim_end()))
}

/// The number in the first brackets that hold one: `[410]`, or `[410-1]` where the line is numbered with it.
fn process(prefix: &str) -> &str {
    prefix
        .split('[')
        .skip(1)
        .filter_map(|part| part.split([']', '-']).next())
        .find(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()))
        .unwrap_or_default()
}
