//! Python tracebacks, chained ones included: the cause is printed first, what it led to after it.

use super::text::{is_application, type_and_message};
use super::{Exception, Frame, Language, Line, Trace};

pub(super) const LANGUAGE: Language = Language {
    marks: &[HEADER],
    parse,
    starts: &[HEADER, "File \"", LINKS[0], LINKS[1]],
    line,
    line_inside: |line| if type_and_message(line).is_some() { Line::End } else { Line::Other },
    lines_below: |_| 0,
};

const HEADER: &str = "Traceback (most recent call last)";
const LINKS: [&str; 2] = ["During handling of the above exception", "The above exception was the direct cause"];

#[derive(Default)]
struct Reader {
    exceptions: Vec<Exception>,
    frames: Vec<Frame>,
    in_frames: bool,
    in_message: bool,
    is_linked: bool,
    /// Where the chain that is being read begins.
    chain: usize,
    margin: usize,
}

pub(super) fn parse(text: &str) -> Option<Trace> {
    if !text.contains(HEADER) {
        return None;
    }
    let mut reader = Reader::default();
    for line in text.lines() {
        reader.line(line);
    }
    let outermost = reader.exceptions.len().checked_sub(1)?;
    Trace::new(reader.exceptions, reader.chain, outermost)
}

impl Reader {
    fn line(&mut self, line: &str) {
        if let Some(at) = line.find(HEADER) {
            return self.header(line, at);
        }
        if is_link(line) {
            self.is_linked = true;
            self.in_message = false;
        } else if self.in_frames {
            self.frame_line(self.without_margin(line));
        } else if self.in_message {
            self.message_line(line);
        }
    }

    fn header(&mut self, line: &str, at: usize) {
        if !self.is_linked {
            self.chain = self.exceptions.len();
        }
        let is_margin = line[..at].chars().all(|c| matches!(c, ' ' | '\t' | '|' | '+'));
        self.margin = if is_margin { at } else { 0 };
        self.frames.clear();
        (self.in_frames, self.in_message, self.is_linked) = (true, false, false);
    }

    fn without_margin<'t>(&self, line: &'t str) -> &'t str {
        match line.get(..self.margin) {
            Some(margin) if margin.chars().all(|c| matches!(c, ' ' | '\t' | '|' | '+')) => &line[self.margin..],
            _ => line,
        }
    }

    fn frame_line(&mut self, line: &str) {
        if let Some(frame) = frame(line) {
            self.frames.push(frame);
        } else if !line.starts_with([' ', '\t']) && !line.is_empty() {
            let (type_name, message) = type_and_message(line).unwrap_or((line, ""));
            let frames = std::mem::take(&mut self.frames);
            self.exceptions.push(Exception { type_name: type_name.to_owned(), message: message.to_owned(), frames });
            (self.in_frames, self.in_message) = (false, true);
        }
    }

    /// Further lines belong to the message up to an empty one, or the frame around a group.
    fn message_line(&mut self, line: &str) {
        let is_end = line.bytes().all(|byte| matches!(byte, b' ' | b'\t' | b'|' | b'+' | b'-'));
        let Some(exception) = self.exceptions.last_mut().filter(|_| !is_end) else {
            self.in_message = false;
            return;
        };
        exception.message.push('\n');
        exception.message.push_str(line);
    }
}

fn line(line: &str) -> Line {
    if line.starts_with(HEADER) {
        Line::Header
    } else if is_link(line) {
        Line::Link
    } else if frame(line).is_some() {
        Line::Frame
    } else {
        Line::Other
    }
}

fn is_link(line: &str) -> bool {
    LINKS.iter().any(|link| line.contains(link))
}

/// `  File "/app/main.py", line 12, in main`; a syntax error has no function.
fn frame(line: &str) -> Option<Frame> {
    let rest = line.trim_start().strip_prefix("File \"")?;
    let (file, rest) = rest.split_once('"')?;
    let rest = rest.strip_prefix(", line ")?;
    let (number, function) = rest.split_once(", in ").unwrap_or((rest, ""));
    let function = function.trim().to_owned();
    let is_application = is_application(file, "");
    Some(Frame { file: file.to_owned(), function, line: number.trim().parse().ok(), is_application })
}
