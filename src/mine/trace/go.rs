//! Go panics: the message, then a function's line and its place's line for each frame of the first goroutine.

use super::text::is_application;
use super::{Exception, Frame, Language, Line, Trace};

pub const LANGUAGE: Language = Language {
    marks: &[MARK],
    parse,
    starts: &["panic: ", "fatal error: "],
    line,
    line_inside: |line| if line.ends_with(')') || line.starts_with(MARK) { Line::Frame } else { Line::Other },
    lines_below: 0,
};

const MARK: &str = "goroutine ";
const TYPES: [&str; 2] = ["panic", "fatal error"];

pub fn parse(text: &str) -> Option<Trace> {
    let start = text.find(MARK).filter(|at| is_goroutine(&text[at + MARK.len()..]))?;
    let (type_name, message) = headline(&text[..start])?;
    let mut lines = text[start..].lines().skip(1);
    let mut frames = Vec::new();
    while let Some(call) = lines.next().map(str::trim).filter(|call| !call.is_empty()) {
        let Some(place) = lines.next().filter(|place| place.starts_with([' ', '\t']) && place.contains(':')) else {
            break;
        };
        frames.push(frame(call, place.trim()));
    }
    // The panic's own frames lie further in than what raised it.
    frames.reverse();
    if let Some(raised) = frames.iter().position(|frame| frame.function == "panic") {
        frames.truncate(raised);
    }
    let exception = Exception { type_name: type_name.to_owned(), message: message.to_owned(), frames };
    Trace::new(vec![exception], 0, 0)
}

fn line(line: &str) -> Line {
    let (name, _) = line.split_once(": ").unwrap_or_default();
    if TYPES.contains(&name) {
        Line::Header
    } else if line.starts_with('\t') && line.contains(".go:") {
        Line::Frame
    } else {
        Line::Other
    }
}

/// `17 [running]:`
fn is_goroutine(rest: &str) -> bool {
    rest.trim_start_matches(|c: char| c.is_ascii_digit()).starts_with(" [")
}

fn headline(text: &str) -> Option<(&'static str, &str)> {
    text.lines().find_map(|line| {
        TYPES.iter().find_map(|&name| {
            let at = line.find(name)?;
            line[at + name.len()..].strip_prefix(": ").map(|message| (name, message.trim()))
        })
    })
}

fn frame(call: &str, place: &str) -> Frame {
    let call = call.strip_prefix("created by ").unwrap_or(call);
    let call = call.split(" in goroutine").next().unwrap_or(call);
    let function = match call.rfind('(') {
        Some(at) if call.ends_with(')') => &call[..at],
        _ => call,
    };
    let place = place.split(" +0x").next().unwrap_or(place);
    let (file, line) = place.rsplit_once(':').map_or((place, None), |(file, line)| (file, line.parse().ok()));
    let is_application = is_application(file, function) && !function.starts_with("runtime.");
    Frame { file: file.to_owned(), function: function.to_owned(), line, is_application }
}
