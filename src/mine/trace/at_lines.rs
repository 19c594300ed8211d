//! Traces whose frames are lines that begin with `at`: Java and its kin, Node and browsers.

use super::text::{is_application, type_and_message};
use super::{Exception, Frame, Language, Line, Trace};

pub const LANGUAGE: Language =
    Language { marks: &MARKS, parse, starts: &["at ", CAUSE, "... "], line, line_inside: |_| Line::Other };

/// How the first frame of such a trace can begin.
const MARKS: [&str; 5] = ["\tat ", "\n    at ", "\\n    at ", "\\tat ", "\n  at "];
const CAUSE: &str = "Caused by: ";
/// How far above the first frame the exception's own line may be: messages have several lines.
const HEADER_REACH: usize = 20;

pub fn parse(text: &str) -> Option<Trace> {
    let lines: Vec<&str> = text.lines().collect();
    let mut exceptions: Vec<Exception> = Vec::new();
    let (mut root, mut at) = (0, 0);
    while at < lines.len() {
        if frame(lines[at]).is_none() {
            at += 1;
            continue;
        }
        let start = at;
        while at < lines.len() && (frame(lines[at]).is_some() || lines[at].trim_start().starts_with("... ")) {
            at += 1;
        }
        let frames: Vec<Frame> = lines[start..at].iter().rev().filter_map(|line| frame(line)).collect();
        let (mut exception, is_cause) = header(&lines[start.saturating_sub(HEADER_REACH)..start])?;
        exception.frames = frames;
        if is_cause {
            root = exceptions.len();
        }
        exceptions.push(exception);
    }
    Trace::new(exceptions, root, 0)
}

/// The nearest line above the frames that names an exception, and whether it is the cause of the one before.
fn header(above: &[&str]) -> Option<(Exception, bool)> {
    let at = above.iter().rposition(|line| named(line).is_some() && frame(line).is_none())?;
    let (type_name, first_line) = named(above[at])?;
    let mut message = first_line.to_owned();
    for line in &above[at + 1..] {
        message.push('\n');
        message.push_str(line);
    }
    let exception = Exception { type_name: type_name.to_owned(), message, frames: Vec::new() };
    Some((exception, above[at].trim_start().starts_with(CAUSE)))
}

/// Whether a line by itself names an exception.
pub(super) fn names_exception(line: &str) -> bool {
    !line.starts_with(char::is_whitespace) && line.contains(": ") && frame(line).is_none() && named(line).is_some()
}

/// `Type: message`, perhaps after other words, as in `Uncaught TypeError: ...`.
fn named(line: &str) -> Option<(&str, &str)> {
    let line = line.trim_start();
    let line = line.strip_prefix(CAUSE).unwrap_or(line);
    let before_message = line.split_once(": ").map_or(line.trim_end_matches(':'), |(head, _)| head);
    let start = before_message.rfind([' ', '\t']).map_or(0, |blank| blank + 1);
    let (type_name, message) = type_and_message(&line[start..])?;
    let last = type_name.rsplit(['.', '$']).next().unwrap_or_default();
    let is_exception = ["Error", "Exception", "Throwable", "Failure", "Fault"].iter().any(|end| last.ends_with(end))
        || type_name.contains('.') && last.starts_with(|c: char| c.is_uppercase());
    is_exception.then_some((type_name, message))
}

fn line(line: &str) -> Line {
    let text = line.trim();
    let is_elided = text.starts_with("... ") && text.ends_with(" more");
    if is_elided || text.starts_with(CAUSE) || frame(line).is_some() { Line::Frame } else { Line::Other }
}

/// `at com.acme.Seat.take(Seat.java:9)`, `at sell (/srv/till.js:10:5)`, `at async main (...)`, `at /srv/till.js:10:5`.
fn frame(line: &str) -> Option<Frame> {
    let body = line.trim_start();
    let call = body.strip_prefix("at ")?.trim_end();
    if body.len() == line.len() {
        return None;
    }
    let (function, place) = match call.strip_suffix(')').and_then(|call| call.rsplit_once('(')) {
        Some((function, place)) => (function.trim(), place),
        None if call.contains(':') && !call.contains(' ') => ("", call),
        None => return None,
    };
    let function = function.strip_prefix("async ").unwrap_or(function);
    let function =
        function.rsplit_once('/').map_or(function, |(module, name)| if module.contains(' ') { function } else { name });
    let (file, number) = file_and_line(place.strip_prefix("file://").unwrap_or(place));
    let is_application = is_application(file, function);
    Some(Frame { file: file.to_owned(), function: function.to_owned(), line: number, is_application })
}

/// `Seat.java:9` or `/srv/till.js:10:5`: the first of one or two numbers at the end is the line.
fn file_and_line(place: &str) -> (&str, Option<u32>) {
    let Some((head, last)) = place.rsplit_once(':') else {
        return (place, None);
    };
    let Ok(last) = last.parse::<u32>() else {
        return (place, None);
    };
    match head.rsplit_once(':').map(|(file, line)| (file, line.parse::<u32>())) {
        Some((file, Ok(line))) => (file, Some(line)),
        _ => (head, Some(last)),
    }
}
