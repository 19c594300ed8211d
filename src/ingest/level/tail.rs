//! From the level to what was said: a logger, a thread or a place in the code may stand between.

use super::{
    scan::{Scan, uncoloured},
    stamp,
};

const PARTS: usize = 10;
/// No name of a logger or thread is longer.
const LONGEST: usize = 80;

/// Where the statement begins, behind the level at the scan's place; 0 where nothing is said.
pub(super) fn statement(scan: &mut Scan<'_>, has_time: bool) -> usize {
    let has_colon = scan.rest().starts_with(':');
    let is_glued = has_colon && !scan.rest()[1..].starts_with([' ', '\t', '\n']);
    let mut last = 0;
    let mut part = Part { has_time, has_colon, is_glued, has_second_time: false, has_bracket: false };
    if scan.rest().starts_with(['!', '/']) {
        let sign = scan.rest().find(' ').unwrap_or(0);
        scan.at += sign;
    }
    for _ in 0..PARTS {
        let mut has_bar = false;
        scan.signs(&mut has_bar);
        if scan.rest().starts_with(['\n', '\r']) {
            scan.blank_lines();
        }
        if scan.rest().trim().is_empty() {
            return last;
        }
        last = scan.at;
        let length = part.length(scan.rest());
        if length == 0 {
            return last;
        }
        scan.at += length;
    }
    last
}

struct Part {
    has_time: bool,
    has_colon: bool,
    is_glued: bool,
    has_second_time: bool,
    has_bracket: bool,
}

impl Part {
    /// How much at the start is no statement yet.
    fn length(&mut self, rest: &str) -> usize {
        let stamp = stamp::length(rest);
        if stamp > 0 {
            self.has_second_time = true;
            return stamp;
        }
        if let Some(length) = tag(rest, self.has_bracket) {
            self.has_bracket = true;
            return length;
        }
        if std::mem::take(&mut self.is_glued) {
            // `ERROR:root:text`, as Python writes it by default
            let name = rest.find(':').filter(|&at| !rest[..at].contains([' ', '\n'])).unwrap_or(0);
            return if name > 0 && !rest[name..].starts_with("://") { name + 1 } else { 0 };
        }
        if let Some(length) = placed(rest) {
            return length;
        }
        let end = rest.find([' ', '\t', '\n', '|', '\u{1b}']).unwrap_or(rest.len());
        let (word, behind) = rest.split_at(end);
        let is_word = !word.is_empty() && word.is_ascii() && word.len() <= LONGEST;
        if is_word && self.is_no_statement(word, behind) { end } else { 0 }
    }

    fn is_no_statement(&self, word: &str, behind: &str) -> bool {
        let bare = word.trim_end_matches(':');
        let gap = uncoloured(behind).trim_start_matches([' ', '\t']);
        let is_last = gap.is_empty();
        let is_placed = bare.contains(['.', '_', '/', '$', '#', '[']) || bare.contains("::") || bare.contains(':');
        let is_number = bare.trim_start_matches('*').bytes().all(|byte| byte.is_ascii_digit() || byte == b'#');
        if is_last || word.contains("://") || word.starts_with(['"', '\'', '`']) {
            return false;
        }
        if is_number {
            let is_thread = word.contains(['#', '*']) || gap.starts_with("---");
            return is_thread && !gap.starts_with("---") || gap.starts_with("---") || self.has_second_time;
        }
        let is_before_sign = ["- ", "| ", ": ", "— ", "– ", "│ ", "-- "].iter().any(|sign| gap.starts_with(sign));
        let is_before_column = gap.starts_with('|') || gap.starts_with(": ") && self.has_bracket;
        let is_name = bare.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-:$/@#<>[]*".contains(&byte));
        let is_lower = bare.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-');
        let is_target = (word.ends_with(':') || uncoloured(behind).starts_with(": "))
            && is_name
            && (is_placed || is_lower && self.has_time && !self.has_colon);
        let is_line_above = bare.ends_with(']') && gap.starts_with('\n');
        let is_django = self.has_second_time && is_name && gap.starts_with(|c: char| c.is_ascii_digit());
        // `ThreadId(01)`
        let inside = word.strip_suffix(')').and_then(|word| word.split_once('(')).map_or("", |(_, inside)| inside);
        let is_counted = !inside.is_empty() && inside.bytes().all(|byte| byte.is_ascii_digit());
        // `till.py:12 text`
        let has_line = word.rsplit_once(':').is_some_and(|(file, line)| {
            file.contains('.') && !line.is_empty() && line.bytes().all(|byte| byte.is_ascii_digit())
        });
        let is_column = behind.starts_with('\t') && is_name && is_placed;
        is_name && (is_before_sign && is_placed || is_before_column)
            || is_name && self.has_time && is_lower && gap.starts_with("- ")
            || self.has_time && is_counted
            || is_target
            || is_name && has_line
            || is_line_above
            || is_django
            || is_column
    }
}

/// `in app: text`, `till/7 on localhost: text`.
fn placed(rest: &str) -> Option<usize> {
    let near = &rest[..rest.floor_char_boundary(LONGEST)];
    let (head, _) = near.split_once(": ").filter(|(head, _)| !head.contains('\n'))?;
    let mut words = head.split(' ');
    let is_placed = match (words.next()?, words.next()?, words.next()) {
        ("in", place, None) => !place.is_empty(),
        (name, "on", Some(_)) => name.contains('/'),
        _ => false,
    };
    (is_placed && words.next().is_none()).then_some(head.len() + 2)
}

/// `[main]`, `(1)`: short, and no sentence.
fn tag(rest: &str, has_bracket: bool) -> Option<usize> {
    let close = match rest.as_bytes().first()? {
        b'[' => ']',
        b'(' => ')',
        _ => return None,
    };
    let line = rest.lines().next()?;
    let end = line.find(close).filter(|end| *end <= LONGEST)?;
    let inside = &line[1..end];
    let is_place = inside.contains(':') && !inside.contains(' ');
    let is_digit = |c: char| c.is_ascii_digit();
    let is_numbered = inside.trim_start().starts_with(is_digit) || has_bracket && inside.ends_with(is_digit);
    let is_id = close == ']' || is_numbered || is_place;
    (is_id && inside.split_whitespace().count() <= 4 && !line[end + 1..].trim().is_empty()).then_some(end + 1)
}
