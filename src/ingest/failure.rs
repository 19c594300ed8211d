//! What a record says of a failure beside its message: a trace, a reason, the type of the exception, under the keys that
//! loggers use.

use std::borrow::Cow;

use super::{
    json::{Cursor, Read},
    payload::CallSite,
};
use crate::mine::trace;

/// Longer reasons are cut: they hold a whole answer or a dump.
const LONGEST_REASON: usize = 500;
/// How deep an exception's cause is looked for a reason.
const DEEPEST: u8 = 3;

#[derive(Debug, Default, Clone)]
pub struct Failure<'a> {
    /// A trace, or whatever stands where traces do.
    report: Option<Cow<'a, str>>,
    reason: Option<Cow<'a, str>>,
    /// The exception's type.
    exception: Option<Cow<'a, str>>,
    file: Option<Cow<'a, str>>,
    line: Option<u32>,
}

/// What stands under a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// A trace, an exception as an object, a list of them, or a reason.
    Exception,
    /// A reason, or an object that has one.
    Error,
    Report,
    Reason,
    Type,
    /// Frames as objects, the innermost last.
    Frames,
    File,
    Line,
}

/// Keys of records.
const KEYS: [(&str, Part); 25] = [
    ("@x", Part::Exception),
    ("exception", Part::Exception),
    ("Exception", Part::Exception),
    ("exc_info", Part::Exception),
    ("exc", Part::Exception),
    ("thrown", Part::Exception),
    ("throwable", Part::Exception),
    ("error", Part::Error),
    ("Error", Part::Error),
    ("err", Part::Error),
    ("stack_trace", Part::Report),
    ("stackTrace", Part::Report),
    ("stacktrace", Part::Report),
    ("StackTrace", Part::Report),
    ("stack", Part::Report),
    ("exc_text", Part::Report),
    ("traceback", Part::Report),
    ("backtrace", Part::Report),
    ("error_stack", Part::Report),
    ("errorStack", Part::Report),
    ("error_message", Part::Reason),
    ("errorMessage", Part::Reason),
    ("exception_message", Part::Reason),
    ("errorType", Part::Type),
    ("exception_type", Part::Type),
];

/// Keys of an exception that is an object, and what follows the dot in `error.message`.
const MEMBERS: [(&str, Part); 26] = [
    ("message", Part::Reason),
    ("msg", Part::Reason),
    ("Message", Part::Reason),
    ("exc_value", Part::Reason),
    ("type", Part::Type),
    ("Type", Part::Type),
    ("name", Part::Type),
    ("class", Part::Type),
    ("kind", Part::Type),
    ("exc_type", Part::Type),
    ("ClassName", Part::Type),
    ("stack", Part::Report),
    ("stack_trace", Part::Report),
    ("stackTrace", Part::Report),
    ("stacktrace", Part::Report),
    ("StackTrace", Part::Report),
    ("StackTraceString", Part::Report),
    ("extendedStackTrace", Part::Report),
    ("backtrace", Part::Report),
    ("traceback", Part::Report),
    ("trace", Part::Report),
    ("frames", Part::Frames),
    ("file", Part::File),
    ("filename", Part::File),
    ("line", Part::Line),
    ("lineno", Part::Line),
];

/// What stands under a key of a record, if it is of a failure.
pub(super) fn part(key: &str) -> Option<Part> {
    let find = |table: &[(&str, Part)], key: &str| table.iter().find(|(known, _)| *known == key).map(|(_, part)| *part);
    match key.split_once('.') {
        Some(("error" | "err" | "exception", member)) => find(&MEMBERS, member),
        _ if !matches!(key.as_bytes().first(), Some(b'@' | b'b' | b'e' | b'E' | b's' | b'S' | b't')) => None,
        _ => find(&KEYS, key),
    }
}

impl<'a> Failure<'a> {
    pub fn is_none(&self) -> bool {
        self.report.is_none() && self.reason.is_none()
    }

    pub fn has_report(&self) -> bool {
        self.report.is_some()
    }

    /// Takes the value at the cursor; the first that says something of a part stands.
    pub fn take(&mut self, part: Part, value: &mut Cursor<'a>) -> Read<()> {
        self.take_at(part, value, 0)
    }

    fn take_at(&mut self, part: Part, value: &mut Cursor<'a>, depth: u8) -> Read<()> {
        match (part, value.peek()) {
            _ if depth > DEEPEST => value.skip(),
            (Part::Exception | Part::Error, b'{') => {
                value.members(|key, value| match MEMBERS.iter().find(|(known, _)| *known == key) {
                    Some((_, part)) => self.take_at(*part, value, depth + 1),
                    None => value.skip(),
                })
            }
            // a chain of exceptions, the outermost first
            (Part::Exception, b'[') => {
                let mut is_first = true;
                value.items(|value| match std::mem::take(&mut is_first) {
                    true => self.take_at(part, value, depth + 1),
                    false => value.skip(),
                })
            }
            (Part::Frames, b'[') => value.items(|value| {
                if value.peek() != b'{' {
                    return value.skip();
                }
                (self.file, self.line) = (None, None);
                self.take_at(Part::Exception, value, depth + 1)
            }),
            (Part::Frames, _) => value.skip(),
            (Part::Report, b'[') => {
                let mut lines = Vec::new();
                value.items(|value| {
                    lines.extend(value.text()?);
                    Ok(())
                })?;
                first(&mut self.report, Some(lines.join("\n").into()));
                Ok(())
            }
            (Part::Line, _) => {
                self.line = value.scalar()?.and_then(|line| line.parse().ok());
                Ok(())
            }
            _ => {
                let text = value.text()?;
                first(
                    match part {
                        Part::Exception | Part::Report => &mut self.report,
                        Part::Error | Part::Reason => &mut self.reason,
                        Part::Type => &mut self.exception,
                        Part::File | Part::Line | Part::Frames => &mut self.file,
                    },
                    text,
                );
                Ok(())
            }
        }
    }

    pub fn into_owned(self) -> Failure<'static> {
        let own = |text: Option<Cow<'a, str>>| text.map(|text| Cow::Owned(text.into_owned()));
        Failure {
            report: own(self.report),
            reason: own(self.reason),
            exception: own(self.exception),
            file: own(self.file),
            line: self.line,
        }
    }

    /// Takes over what another record says where this one says nothing.
    pub fn or(&mut self, other: Failure<'a>) {
        first(&mut self.report, other.report);
        first(&mut self.reason, other.reason);
        first(&mut self.exception, other.exception);
        if self.file.is_none() {
            (self.file, self.line) = (other.file, other.line);
        }
    }

    /// The reason by itself, for a record that has no message.
    pub fn take_reason(&mut self) -> Option<Cow<'a, str>> {
        self.reason.take()
    }

    /// Where it was thrown, as the record says beside its trace or in it.
    pub fn call_site(&mut self) -> CallSite<'a> {
        let Some(file) = self.file.take() else {
            return self.report.as_deref().and_then(bare_frame).unwrap_or_default();
        };
        // PHP's loggers write `/app/Till.php:7`
        match file.rsplit_once(':').and_then(|(path, line)| Some((path.to_owned(), line.parse().ok()?))) {
            Some((path, line)) => CallSite { module: path.into(), line: Some(line), ..CallSite::default() },
            None => CallSite { module: file, line: self.line, ..CallSite::default() },
        }
    }

    /// A message with the trace beside it; where there is none, and the entry is urgent enough for it, with the reason.
    /// One that is a trace itself, or says the reason, has its own. Answers whether a trace was found.
    pub fn beside(self, message: Option<Cow<'a, str>>, is_urgent: bool) -> (Option<Cow<'a, str>>, bool) {
        let Failure { report, reason, exception, .. } = self;
        let Some(message) = message else {
            let has_trace = report.as_deref().is_some_and(is_trace);
            return (report.or(reason), has_trace);
        };
        if let Some(report) = &report {
            if message.contains(report.trim()) || is_trace(&message) {
                return (Some(message), true);
            }
            if let Some(report) = as_trace(report, &message, reason.as_deref(), exception.as_deref()) {
                return (Some(Cow::Owned(format!("{message}\n{report}"))), true);
            }
        }
        // what stands where traces do, and is none: a text of one line is a reason
        let said = reason.or(report.filter(|report| !report.trim().contains('\n')));
        let Some(said) = said.filter(|_| is_urgent) else { return (Some(message), false) };
        let said = said.trim().lines().next().unwrap_or_default();
        let said = &said[..said.floor_char_boundary(LONGEST_REASON)];
        if said.is_empty() || message.contains(said) {
            return (Some(message), false);
        }
        let said = match exception.filter(|exception| !said.contains(exception.as_ref())) {
            Some(exception) => format!("{exception}: {said}"),
            None => said.to_owned(),
        };
        (Some(Cow::Owned(format!("{}: {said}", message.trim_end_matches([':', ' ', '\n'])))), false)
    }
}

/// The service's own frame among frames of Go, which loggers write without what comes before them in a panic.
fn bare_frame(report: &str) -> Option<CallSite<'static>> {
    const HEADS: [&str; 2] = ["panic: failure\n\n", "panic: failure\n\ngoroutine 1 [running]:\n"];
    if !report.contains(".go:") {
        return None;
    }
    let trace = HEADS.iter().find_map(|head| trace::parse(&format!("{head}{report}")))?;
    let frame = trace.frame_to_look_at()?;
    Some(CallSite { module: frame.file.clone().into(), function: frame.function.clone().into(), line: frame.line })
}

fn is_trace(text: &str) -> bool {
    trace::parse(text).is_some()
}

/// A trace as traces are written: with its lines apart, and its head where the record has that elsewhere.
fn as_trace(report: &str, message: &str, reason: Option<&str>, exception: Option<&str>) -> Option<String> {
    if is_trace(report) || is_trace(&format!("{message}\n{report}")) {
        return Some(report.to_owned());
    }
    // .NET's console writes a trace in one line
    let apart = report.replace("    at ", "\n   at ").replace("   at ", "\n   at ").replace("\n\n", "\n");
    if is_trace(&apart) {
        return Some(apart);
    }
    let head = match (exception, reason) {
        (Some(exception), Some(reason)) => [format!("{exception}: {reason}"), format!("{exception} ({reason}):")],
        (None, Some(reason)) => [format!("Error: {reason}"), reason.to_owned()],
        _ => return None,
    };
    head.iter().map(|head| format!("{head}\n{report}")).find(|text| is_trace(text))
}

fn first<'a>(slot: &mut Option<Cow<'a, str>>, text: Option<Cow<'a, str>>) {
    if slot.is_none() {
        *slot = text.filter(|text| !text.trim().is_empty());
    }
}
