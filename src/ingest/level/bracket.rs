//! Brackets in a head: a level alone or in its place, or something that says who writes.

use super::{
    stamp,
    words::{self, Case},
};

/// What stands in brackets here, and their length.
pub(super) fn bracket(rest: &str) -> Option<(&str, usize)> {
    let close = match rest.as_bytes().first()? {
        b'[' => ']',
        b'(' => ')',
        b'<' => '>',
        b'{' => '}',
        _ => return None,
    };
    let mut line = rest.lines().next()?;
    line = &line[..line.floor_char_boundary(100)];
    let end = line.find(close)?;
    let inside = &line[1..end];
    let is_known =
        matches!(close, ']' | ')') || words::full(inside).is_some() && words::case_of(inside) == Some(Case::Upper);
    is_known.then_some((inside, end + 1))
}

/// The level in brackets: alone, behind or before a time, before a process or module, behind a module's colon.
pub(super) fn bracketed(inside: &str) -> Option<&'static str> {
    let mut buffer = String::new();
    let inside = crate::mine::clean(inside, &mut buffer).trim();
    if let Some(level) = alone(inside) {
        return Some(level);
    }
    let stamp = stamp::length(inside);
    let behind = inside[stamp..].trim_start_matches([' ', ':', '|', ',', '-']);
    let end = behind.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(behind.len());
    let (word, next) = behind.split_at(end);
    if let [letter] = word.as_bytes() {
        return words::letter(*letter).filter(|_| stamp == 0 && stamp::length(next.trim_start()) > 0);
    }
    let level = words::full(word)?;
    let is_upper = words::case_of(word) == Some(Case::Upper);
    let is_name = |name: &str| !name.is_empty() && !name.contains(' ');
    let is_placed = next.is_empty() || next.starts_with('/') || is_name(next.trim_start_matches([' ', ':', '|', '-']));
    if stamp > 0 {
        return (is_upper && is_placed || next.is_empty()).then_some(level);
    }
    let is_column =
        next.starts_with(['/', '|']) || next.starts_with(' ') && is_placed && next.contains(['.', '/', ':']);
    (is_upper && is_column).then_some(level)
}

/// `[ERROR]`, `[error]`, `[E]`, `[core:error]`, `[Error#pay]`.
fn alone(inside: &str) -> Option<&'static str> {
    if let [letter] = inside.as_bytes() {
        return words::letter(*letter);
    }
    if let Some((module, level)) = inside.split_once(':')
        && module.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        && words::case_of(level) == Some(Case::Lower)
    {
        return words::full(level);
    }
    if let Some((level, logger)) = inside.split_once('#')
        && logger.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.'))
        && logger.starts_with(|c: char| c.is_ascii_alphabetic())
        && words::case_of(level).is_some()
    {
        return words::full(level);
    }
    let is_short = matches!(inside, "LOG" | "Note" | "NOTE" | "System" | "fail" | "ERRO" | "FATA" | "DEBU" | "SUCCESS");
    words::case_of(inside).and_then(|_| if is_short { words::any(inside) } else { words::full(inside) })
}
