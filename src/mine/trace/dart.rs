//! Dart's traces: `Unhandled exception:` and what it says in the lines below, or a line of its own, then numbered frames
//! from the innermost outwards. The package `stack_trace` writes frames without numbers: place, line and column, function.

use super::text::{file_and_line, is_application, type_and_message};
use super::{Exception, Frame, Language, Line, Trace};

pub(super) const LANGUAGE: Language = Language {
    marks: &[".dart:", "(dart:", ".dart "],
    parse,
    // a number is a variable in a shape
    starts: &[HEADER, SUSPENSION, GAP, "#0 ", "#<*> ", "package:<*> ", "package:"],
    line: |line| match line.trim() {
        HEADER => Line::Header,
        SUSPENSION => Line::Frame,
        line if line.starts_with(GAP) => Line::Frame,
        line if frame(line).is_some() => Line::Frame,
        _ => Line::Other,
    },
    line_inside: |_| Line::Other,
    lines_below: |_| 6,
};

const HEADER: &str = "Unhandled exception:";
/// As Flutter writes it, behind the file of its engine.
const FLUTTER: &str = "Unhandled Exception: ";
const SUSPENSION: &str = "<asynchronous suspension>";
/// The same between the frames of a chain, in a ruler.
const GAP: &str = "===== asynchronous gap =";
/// Lines above the first frame that may be of the message.
const REACH: usize = 12;
/// Words of a name that is told in words, `Concurrent modification during iteration`.
const NAME_WORDS: usize = 4;

pub(super) fn parse(text: &str) -> Option<Trace> {
    let lines: Vec<&str> = text.lines().map(without_tag).collect();
    let mut exceptions: Vec<Exception> = Vec::new();
    let mut at = 0;
    while let Some(start) = (at..lines.len()).find(|&line| frame(lines[line]).is_some()) {
        let is_gap = |line: &str| line.trim() == SUSPENSION || line.starts_with(GAP);
        let is_of_frames = |line: &&&str| frame(line).is_some() || is_gap(line);
        let length = lines[start..].iter().take_while(is_of_frames).count();
        let frames = lines[start..start + length].iter().rev().filter_map(|line| frame(line)).collect();
        match exception(&lines[at.max(start.saturating_sub(REACH))..start]) {
            Some((type_name, message)) => exceptions.push(Exception { type_name, message, frames }),
            None => exceptions.last_mut()?.frames.splice(0..0, frames).for_each(drop),
        }
        at = start + length;
    }
    Trace::new(exceptions, 0, 0)
}

/// `E/flutter ( 1234): `, which Android puts before every line.
fn without_tag(line: &str) -> &str {
    let tagged = line.starts_with("E/flutter").then(|| line.split_once("): ")).flatten();
    tagged.map_or(line, |(_, line)| line)
}

/// What was thrown, from the lines above its frames.
fn exception(above: &[&str]) -> Option<(String, String)> {
    let end = above.iter().rposition(|line| !line.trim().is_empty())? + 1;
    let above = &above[..end];
    let start = above.iter().rposition(|line| line.trim() == HEADER).map(|at| at + 1);
    let told = above.iter().enumerate().rev().find_map(|(at, line)| {
        let found = line.find(FLUTTER)?;
        Some((at, &line[found + FLUTTER.len()..]))
    });
    let (at, first) = match (start, told) {
        (Some(start), _) => (start, *above.get(start)?),
        (None, Some(told)) => told,
        // the nearest that names a type, else the nearest
        (None, None) => {
            let named = above.iter().rposition(|line| type_of(line).is_some_and(|(name, _)| !name.contains(' ')));
            let at = named.unwrap_or(end - 1);
            (at, above[at])
        }
    };
    let (type_name, message) = type_of(first).unwrap_or(("Exception", first.trim()));
    let mut message = message.to_owned();
    for line in &above[at + 1..] {
        message.push('\n');
        message.push_str(line);
    }
    Some((type_name.to_owned(), message))
}

/// Dart's own errors say their names in words (`Bad state: no tea`), some of them none.
fn type_of(line: &str) -> Option<(&str, &str)> {
    let line = line.trim();
    if let Some(name) = line.strip_prefix("Instance of '").and_then(|rest| rest.strip_suffix('\'')) {
        return Some((name, ""));
    }
    if line.starts_with("type '") || line.starts_with("Null check operator") {
        return Some(("TypeError", line));
    }
    if line.contains(": Failed assertion: ") {
        return Some(("AssertionError", line));
    }
    let first = line.split([' ', ':']).next().unwrap_or_default();
    if ["Exception", "Error"].iter().any(|end| first.ends_with(end)) {
        let message = line[first.len()..].trim_start_matches(|c: char| c == ':' || c.is_whitespace());
        return Some((first, message));
    }
    let (head, message) = line.split_once(": ")?;
    let name = head.split(" (").next().unwrap_or(head);
    let is_name = name.starts_with(|c: char| c.is_ascii_uppercase())
        && name.split(' ').count() <= NAME_WORDS
        && name.bytes().all(|byte| byte.is_ascii_alphabetic() || matches!(byte, b' ' | b'(' | b')'));
    if is_name { Some((name, message)) } else { type_and_message(line) }
}

/// `#0      Till.charge (package:shop/till.dart:16:3)`
fn frame(line: &str) -> Option<Frame> {
    let Some((number, rest)) = line.trim().strip_prefix('#').and_then(|line| line.split_once(' ')) else {
        return terse_frame(line);
    };
    number.parse::<u32>().ok()?;
    let (function, place) = rest.trim_start().strip_suffix(')')?.rsplit_once(" (")?;
    let is_place =
        place.contains(".dart") || ["package:", "dart:", "file:"].iter().any(|start| place.starts_with(start));
    if !is_place {
        return None;
    }
    let (file, line) = file_and_line(place.strip_prefix("file://").unwrap_or(place));
    let is_application = is_application(file, function) && !is_package_of_others(file);
    Some(Frame { file: file.to_owned(), function: function.to_owned(), line, is_application })
}

/// `package:shop/till.dart 16:3  Till.charge`; what belongs to Dart itself may have no line.
fn terse_frame(line: &str) -> Option<Frame> {
    let (place, rest) = line.split_once(' ').filter(|_| !line.starts_with(char::is_whitespace))?;
    let is_of_dart = place.starts_with("dart:");
    if !is_of_dart && !place.ends_with(".dart") {
        return None;
    }
    let (numbers, function) = rest.split_once("  ")?;
    let number = numbers.trim().split(':').map(|number| number.parse::<u32>().ok()).collect::<Option<Vec<_>>>();
    let function = function.trim();
    let is_frame = number.is_some() || is_of_dart && numbers.trim().is_empty();
    if !is_frame || function.is_empty() || function.contains(": ") {
        return None;
    }
    let file = place.strip_prefix("file://").unwrap_or(place);
    let is_application = is_application(file, function) && !is_package_of_others(file);
    let line = number.and_then(|numbers| numbers.first().copied());
    Some(Frame { file: file.to_owned(), function: function.to_owned(), line, is_application })
}

/// Packages that most services are made with.
fn is_package_of_others(file: &str) -> bool {
    const OTHERS: [&str; 24] = [
        "async",
        "bloc",
        "collection",
        "conduit",
        "dart_frog",
        "dio",
        "functions_framework",
        "get",
        "googleapis",
        "googleapis_auth",
        "grpc",
        "http",
        "http_parser",
        "logging",
        "mysql_client",
        "postgres",
        "provider",
        "riverpod",
        "rxdart",
        "shelf",
        "shelf_router",
        "stack_trace",
        "stream_channel",
        "test_api",
    ];
    let package = file.strip_prefix("package:").and_then(|file| file.split('/').next());
    package.is_some_and(|package| OTHERS.contains(&package)) || file.contains("/.pub-cache/")
}

#[cfg(test)]
mod tests {
    use super::*;

    const FRAMES: &str = "\n#0      Till.charge (package:shop/till.dart:16:3)\n#1      main.<anonymous closure> (file:///app/bin/main.dart:24:5)\n<asynchronous suspension>\n#2      _startIsolate.<anonymous closure> (dart:isolate-patch/isolate_patch.dart:301:19)";

    #[test]
    fn what_was_thrown_stands_above_its_frames() {
        for (head, wanted) in [
            ("Unhandled exception:\nBad state: till 4 is stuck", "Bad state: till <*> is stuck"),
            ("Unhandled exception:\nException: no tea", "Exception: no tea"),
            ("Unhandled exception:\nInstance of 'TillError'", "TillError"),
            ("Unhandled exception:\nRangeError (index): Invalid value: 5", "RangeError: (index): Invalid value: <*>"),
            (
                "Unhandled exception:\nNoSuchMethodError: The method 'x' was called on null.\nReceiver: null\nTried calling: x()",
                "NoSuchMethodError: The method <*> was called on null.",
            ),
            (
                "Unhandled exception:\ntype 'Null' is not a subtype of type 'String' in type cast",
                "TypeError: type <*> is not a subtype of type <*> in type cast",
            ),
            (
                "[ERROR:flutter/runtime/dart_vm_initializer.cc(41)] Unhandled Exception: Bad state: no tea",
                "Bad state: no tea",
            ),
            (
                "SEVERE: worker failed\nFormatException: Unexpected character (at character 3)\nx{\n  ^\n",
                "FormatException: Unexpected character (at character <*>)",
            ),
            ("the till is stuck", "Exception: the till is stuck"),
        ] {
            let trace = parse(&format!("{head}{FRAMES}")).unwrap();
            assert_eq!(
                trace.shape_text(),
                format!("{wanted} in package:shop/till.dart Till.charge < app/bin/main.dart main.<anonymous closure>")
            );
            assert_eq!(trace.frame_to_look_at().and_then(|frame| frame.line), Some(16));
            assert_eq!(trace.innermost().frames.len(), 3);
        }
    }

    #[test]
    fn numbered_lines_without_a_place_are_none() {
        assert!(parse("see till.dart:\n#0 wash (hands)\n#1 dry").is_none());
    }
}
