//! Rust's panics: the thread, the place and the message, and a backtrace if one was asked for. Up to 1.72 the message
//! stood in quotes before the place; since then it has the lines below.

use super::text::{file_and_line, is_application};
use super::{Exception, Frame, Language, Line, Trace};

pub(super) const LANGUAGE: Language = Language {
    marks: &[PANICKED],
    parse,
    starts: &[THREAD, BACKTRACE, NOTES[0], NOTES[1]],
    line: |line| {
        let text = line.trim_start();
        if text.starts_with(THREAD) && text.contains(PANICKED) {
            Line::Header
        } else if is_end_of_message(text) {
            Line::Frame
        } else {
            Line::Other
        }
    },
    line_inside: |_| Line::Other,
    lines_below: |_| 1,
};

/// What every such trace begins with, and one may be a single line.
pub(super) const THREAD: &str = "thread '";
const PANICKED: &str = " panicked at ";
const BACKTRACE: &str = "stack backtrace:";
const NOTES: [&str; 2] = ["note: run with `RUST_BACKTRACE", "note: Some details are omitted"];
const TYPE: &str = "panic";
/// The runtime and what most services are made with.
const LIBRARIES: [&str; 14] = [
    "std::",
    "core::",
    "alloc::",
    "<core::",
    "<alloc::",
    "<std::",
    "rust_begin_unwind",
    "__",
    "_start",
    "clone",
    "tokio::",
    "futures_util::",
    "hyper::",
    "backtrace::",
];
const LIBRARY_FILES: [&str; 4] = ["/rustc/", "/registry/src/", "/git/checkouts/", "/rust/deps/"];

pub(super) fn parse(text: &str) -> Option<Trace> {
    let at = text.match_indices(PANICKED).map(|(at, _)| at).find(|&at| {
        let line = text[..at].rfind('\n').map_or(0, |end| end + 1);
        text[line..at].contains(THREAD)
    })?;
    let rest = &text[at + PANICKED.len()..];
    let end = rest.match_indices('\n').map(|(at, _)| at).find(|&at| is_end_of_message(&rest[at + 1..]));
    let (told, below) = rest.split_at(end.unwrap_or(rest.len()));
    let (place, message) = place_and_message(told.trim_end())?;
    let (file, line) = file_and_line(place);
    line?;
    let mut frames = backtrace(below);
    if !frames.iter().any(|frame| frame.is_application) {
        let is_application = is_own(file, "");
        frames.push(Frame { file: file.to_owned(), function: String::new(), line, is_application });
    }
    let exception = Exception { type_name: TYPE.to_owned(), message: message.to_owned(), frames };
    Trace::new(vec![exception], 0, 0)
}

fn is_end_of_message(text: &str) -> bool {
    text.starts_with(BACKTRACE) || NOTES.iter().any(|note| text.starts_with(note))
}

fn place_and_message(told: &str) -> Option<(&str, &str)> {
    if let Some(quoted) = told.strip_prefix('\'') {
        let (message, place) = quoted.rsplit_once("', ")?;
        return Some((place.lines().next()?, message));
    }
    let (place, message) = told.split_once('\n')?;
    Some((place.trim_end().strip_suffix(':')?, message))
}

/// From the outermost call to the innermost.
fn backtrace(text: &str) -> Vec<Frame> {
    let mut frames: Vec<Frame> = Vec::new();
    for line in text.lines().map(str::trim) {
        if let Some(place) = line.strip_prefix("at ") {
            let Some(frame) = frames.last_mut() else { continue };
            let (file, number) = file_and_line(place);
            (frame.file, frame.line) = (file.to_owned(), number);
            frame.is_application &= is_own(file, &frame.function);
        } else if let Some((number, function)) = line.split_once(": ")
            && number.bytes().all(|byte| byte.is_ascii_digit())
        {
            let function = without_hash(function.rsplit_once(" - ").map_or(function, |(_, name)| name)).to_owned();
            let is_application = is_own("", &function);
            frames.push(Frame { file: String::new(), function, line: None, is_application });
        }
    }
    // a name without a place is the program's own only where none has any
    let has_places = frames.iter().any(|frame| !frame.file.is_empty());
    frames.iter_mut().for_each(|frame| frame.is_application &= !has_places || !frame.file.is_empty());
    frames.reverse();
    frames
}

fn is_own(file: &str, function: &str) -> bool {
    is_application(file, function)
        && !LIBRARY_FILES.iter().any(|folder| file.contains(folder))
        && !LIBRARIES.iter().any(|library| function.starts_with(library))
        && function != "main"
}

/// `shop::sell::h0123456789abcdef`
fn without_hash(function: &str) -> &str {
    match function.rsplit_once("::h") {
        Some((name, hash)) if hash.len() == 16 && hash.bytes().all(|byte| byte.is_ascii_hexdigit()) => name,
        _ => function,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOTE: &str = "note: run with `RUST_BACKTRACE=1` environment variable to display a backtrace";

    #[test]
    fn all_ways_of_telling_a_panic_are_one() {
        let shape = "panic: till <*> is stuck in src/till.rs";
        for text in [
            "thread 'main' panicked at 'till 4 is stuck', src/till.rs:12:5".to_owned(),
            format!("thread 'main' panicked at 'till 4 is stuck', src/till.rs:12:5\n{NOTE}"),
            format!("thread 'tokio-runtime-worker' panicked at src/till.rs:12:5:\ntill 9 is stuck\n{NOTE}"),
            "thread '<unnamed>' (4711) panicked at ./src/till.rs:12:5:\ntill 4 is stuck".to_owned(),
        ] {
            assert_eq!(super::super::parse(&text).unwrap().shape_text(), shape, "{text}");
        }
        for text in [
            "thread 'main' panicked at src/till.rs:12:5:",
            "the thread panicked at noon:\nwhy",
            "thread 'a' panicked at x:\ny",
        ] {
            assert!(super::super::parse(text).is_none(), "{text}");
        }
    }

    #[test]
    fn a_backtrace_tells_the_calls() {
        let text = "thread 'main' panicked at src/till.rs:12:5:\nassertion `left == right` failed\n  left: 1\n right: 2\nstack backtrace:\n   0: rust_begin_unwind\n             at /rustc/9fc6b43126469e3858e2fe86cafb4f0fd5068869/library/std/src/panicking.rs:665:5\n   1: core::panicking::panic_fmt\n             at /rustc/9fc6b43126469e3858e2fe86cafb4f0fd5068869/library/core/src/panicking.rs:74:14\n   2: shop::till::sell::h0123456789abcdef\n             at ./src/till.rs:12:5\n   3: serde_json::de::from_str\n             at /usr/local/cargo/registry/src/index.crates.io-6f17d22bba15001f/serde_json-1.0.1/src/de.rs:2:3\n   4: shop::main\n             at ./src/main.rs:4:3\nnote: Some details are omitted, run with `RUST_BACKTRACE=full` for a verbose backtrace.";
        let trace = parse(text).unwrap();
        assert_eq!(
            trace.shape_text(),
            "panic: assertion <*> failed in src/till.rs shop::till::sell < src/main.rs shop::main"
        );
        assert_eq!(trace.frame_to_look_at().and_then(|frame| frame.line), Some(12));
    }
}
