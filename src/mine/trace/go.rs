//! Go panics: the message, then a function's line and its place's line for each frame of the first goroutine. A server
//! that recovers from a panic names it in words of its own: net/http, gin, echo, and whoever prints `debug.Stack()`.

use super::text::is_application;
use super::{Exception, Frame, Language, Line, Trace};
use crate::ingest::level;

pub(super) const LANGUAGE: Language = Language {
    marks: &[MARK, GIN, "panic: "],
    parse,
    starts: &["panic: ", "fatal error: ", MARK],
    line,
    line_inside,
    lines_below: |header| if is_gin(header) { GIN_LINES } else { 0 },
};

const MARK: &str = "goroutine ";
const TYPES: [&str; 2] = ["panic", "fatal error"];
/// What servers write between the type and the message.
const SERVING: &str = "http: panic serving ";
const GIN: &str = "panic recovered:";
const ECHO: &str = "[PANIC RECOVER] ";
/// What chi's Recoverer writes before the function that panicked.
const CHI: &str = " -> ";
/// How many lines of a request gin may print between its words and the message.
const GIN_LINES: usize = 60;
/// How far into a line a server's words may stand: behind a time, a logger and a level.
const REACH: usize = 120;

/// Where the calls were read, and what was said above them.
struct Stack<'t> {
    above: &'t str,
    /// The innermost first.
    frames: Vec<Frame>,
    /// Whether the stack is by itself no sign of a panic.
    is_plain: bool,
}

pub(super) fn parse(text: &str) -> Option<Trace> {
    let stack = goroutine(text).or_else(|| gin(text)).or_else(|| chi(text))?;
    let mut frames = stack.frames;
    // The panic's own frames lie further in than what raised it.
    let raised = frames.iter().rposition(|frame| frame.function == "panic");
    if let Some(raised) = raised {
        frames.drain(..=raised);
    }
    frames.reverse();
    let named = headline(stack.above);
    let is_told = raised.is_some() || !stack.is_plain;
    let (type_name, message) = named.or_else(|| nearest(stack.above).filter(|_| is_told))?;
    let exception = Exception { type_name: type_name.to_owned(), message: message.to_owned(), frames };
    Trace::new(vec![exception], 0, 0)
}

/// The first goroutine, a line for the call and a line for its place.
fn goroutine(text: &str) -> Option<Stack<'_>> {
    let start = text.match_indices(MARK).map(|(at, _)| at).find(|&at| is_goroutine(&text[at..]))?;
    let mut lines = text[start..].lines().skip(1);
    let mut frames = Vec::new();
    while let Some(call) = lines.next().map(str::trim).filter(|call| !call.is_empty()) {
        let Some(place) = lines.next().filter(|place| place.starts_with([' ', '\t']) && place.contains(':')) else {
            break;
        };
        frames.push(frame(call, place.trim()));
    }
    Some(Stack { above: &text[..start], frames, is_plain: true })
}

/// gin prints the place first, then the function and the line of the source.
fn gin(text: &str) -> Option<Stack<'_>> {
    let told = text.find(GIN)? + GIN.len();
    let mut lines = text[told..].split('\n').scan(told, |at, line| {
        let start = *at;
        *at += line.len() + 1;
        Some((start, line))
    });
    let (start, first) = lines.find(|(_, line)| gin_place(line).is_some())?;
    let mut frames = Vec::new();
    let mut next = Some(first);
    while let Some((file, line)) = next.and_then(gin_place) {
        let source = lines.next().map_or("", |(_, line)| line.trim());
        let function = source.split(": ").next().unwrap_or_default().trim_end_matches(':');
        let function = if function == "gopanic" { "panic" } else { function };
        let is_application = is_application(file, function);
        frames.push(Frame { file: file.to_owned(), function: function.to_owned(), line: Some(line), is_application });
        next = lines.next().map(|(_, line)| line);
    }
    let above = text[told..start.min(text.len())].trim_end();
    // the request ends with an empty line
    let said = above.rsplit_once("\n\n").or_else(|| above.rsplit_once("\r\n\r\n"));
    let said = said.map_or_else(|| above.lines().next_back().unwrap_or_default(), |(_, said)| said.trim_start());
    Some(Stack { above: said, frames, is_plain: false })
}

/// `/srv/till.go:7 (0x7c1e20)`
fn gin_place(line: &str) -> Option<(&str, u32)> {
    let line = line.trim_end();
    let (place, address) = line.strip_suffix(')')?.rsplit_once(" (0x")?;
    let (file, number) = place.rsplit_once(".go:")?;
    let is_address = address.bytes().all(|byte| byte.is_ascii_hexdigit());
    let number = number.parse().ok().filter(|_| is_address && !line.starts_with([' ', '\t']))?;
    Some((&line[..file.len() + ".go".len()], number))
}

/// chi's Recoverer sets functions and places apart, and marks what panicked with an arrow.
fn chi(text: &str) -> Option<Stack<'_>> {
    let start = text.lines().position(|line| line.starts_with(CHI))?;
    let above = text.lines().take(start).map(|line| line.len() + 1).sum::<usize>();
    let mut calls = text.lines().skip(start).map(chi_part).filter(|part| !part.is_empty());
    let mut frames = Vec::new();
    while let (Some(call), Some(place)) = (calls.next(), calls.next()) {
        if !place.contains(".go:") {
            break;
        }
        frames.push(frame(call, place));
    }
    let above = &text[..above];
    (!frames.is_empty() && headline(above).is_some()).then_some(Stack { above, frames, is_plain: false })
}

fn chi_part(line: &str) -> &str {
    line.trim().trim_start_matches("-> ").trim()
}

fn line(line: &str) -> Line {
    let (name, _) = line.trim_start().split_once(": ").unwrap_or_default();
    let is_served = || near(line).contains(SERVING) || near(line).contains(ECHO);
    if TYPES.contains(&name) || is_served() || is_gin(line) {
        Line::Header
    } else if is_goroutine(line) && line.contains(" [running]")
        || line.starts_with('\t') && line.contains(".go:")
        || gin_place(line).is_some()
    {
        Line::Frame
    } else {
        Line::Other
    }
}

fn line_inside(line: &str) -> Line {
    const NO_CALLS: [&str; 4] = [MARK, "[signal ", "created by ", "..."];
    let is_of_trace = line.ends_with(')') || NO_CALLS.iter().any(|start| line.starts_with(start));
    if is_of_trace { Line::Frame } else { Line::Other }
}

/// `goroutine 17 [running]:`
fn is_goroutine(text: &str) -> bool {
    let rest = text.strip_prefix(MARK).unwrap_or_default();
    let number = rest.bytes().take_while(u8::is_ascii_digit).count();
    number > 0 && rest[number..].starts_with(" [")
}

/// `[Recovery] 2026/03/10 - 09:00:00 panic recovered:`
fn is_gin(line: &str) -> bool {
    line.trim_end().ends_with(GIN) && line.len() <= REACH
}

fn near(line: &str) -> &str {
    &line[..line.floor_char_boundary(REACH)]
}

/// The line that names a panic.
fn headline(text: &str) -> Option<(&'static str, &str)> {
    text.lines().find_map(|line| {
        let typed = TYPES.iter().find_map(|&name| {
            let at = line.find(name)?;
            line[at + name.len()..].strip_prefix(": ").map(|message| (name, message.trim()))
        });
        typed.or_else(|| served(line).map(|message| (TYPES[0], message)))
    })
}

/// `http: panic serving 10.0.0.1:4711: text`
fn served(line: &str) -> Option<&str> {
    if let Some(at) = near(line).find(SERVING) {
        return line[at + SERVING.len()..].split_once(": ").map(|(_, message)| message.trim());
    }
    let at = near(line).find(ECHO)?;
    Some(line[at + ECHO.len()..].trim())
}

/// The line right above a stack that a panic led to, without what the logger wrote before it.
fn nearest(above: &str) -> Option<(&'static str, &str)> {
    let line = above.lines().map(str::trim).rfind(|line| line.chars().any(char::is_alphanumeric))?;
    Some((TYPES[0], level::statement(line).trim().trim_end_matches([':', ' '])))
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
