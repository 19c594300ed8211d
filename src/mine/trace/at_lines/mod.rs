//! Traces whose frames are lines that begin with `at`: Java and its kin, Node and browsers. Causes come below what they
//! led to, or above it where a logger turns the chain round (`Wrapped by:`, `Causing:`).

mod frame;
mod labels;

use self::{
    frame::frame,
    labels::{Label, Labelled},
};
use super::text::type_and_message;
use super::{Exception, Frame, Language, Line, Trace};

pub(super) const LANGUAGE: Language = Language {
    marks: &MARKS,
    parse,
    starts: &[
        "at ",
        "! ",
        labels::CAUSE,
        "... ",
        labels::WRAPPED,
        labels::CAUSING,
        labels::SUPPRESSED,
        labels::JS_CAUSE,
    ],
    line,
    line_inside: |line| if labels::closes(line) { Line::End } else { Line::Other },
    lines_below: |_| 0,
};

/// How frames begin.
pub(super) const MARKS: [&str; 4] = ["\tat ", "\\tat ", "  at ", "! at "];
/// How far above the first frame the exception's own line may be: messages have several lines.
const HEADER_REACH: usize = 20;

#[derive(Default)]
struct Reader<'t> {
    exceptions: Vec<Exception>,
    /// Lines since the last frame or label.
    above: Vec<&'t str>,
    in_frames: bool,
    /// Whose frames are read.
    taker: Option<usize>,
    /// A label named the taker, and its frames are to come.
    awaits: bool,
    /// A label with nothing behind it that reads like an exception; frames below it say that it is one.
    unread: Option<Labelled<'t>>,
    /// The column of what was suppressed and is left out.
    suppressed: Option<usize>,
    /// The column of a list of errors.
    errors: Option<usize>,
    root: usize,
    /// The column of what named the root: causes stand further in.
    root_column: usize,
    /// Further causes are those of others.
    is_root_found: bool,
    outermost: usize,
}

pub(super) fn parse(text: &str) -> Option<Trace> {
    let mut reader = Reader::default();
    for line in text.lines() {
        reader.line(line);
    }
    let Reader { mut exceptions, root, outermost, .. } = reader;
    exceptions.iter_mut().for_each(|exception| exception.frames.reverse());
    let has_frames = exceptions.iter().any(|exception| !exception.frames.is_empty());
    if has_frames { Trace::new(exceptions, root, outermost) } else { None }
}

impl<'t> Reader<'t> {
    fn line(&mut self, line: &'t str) {
        let frame = frame(line);
        let line = without_margin(line);
        let is_frame = frame.is_some();
        frame.into_iter().for_each(|frame| self.frame(frame));
        if let Some(label) = labels::read(line) {
            self.labelled(label);
        } else if is_frame {
        } else if self.in_frames && labels::is_elided(line) {
            self.awaits = false;
        } else {
            self.other(line);
        }
    }

    fn frame(&mut self, frame: Frame) {
        if !self.in_frames {
            self.open();
        }
        self.in_frames = true;
        self.taker.into_iter().for_each(|at| self.exceptions[at].frames.push(frame.clone()));
    }

    /// Finds whose frames begin here; without a name they go on with the ones before.
    fn open(&mut self) {
        let above = std::mem::take(&mut self.above);
        if std::mem::take(&mut self.awaits) {
            let taker = self.taker.map(|at| &mut self.exceptions[at]);
            taker.into_iter().for_each(|exception| add_lines(&mut exception.message, &above));
        } else if let Some(label) = self.unread.take() {
            if label.text.is_empty() {
                return self.named_in(&above, Some(label));
            }
            let (type_name, message) = type_and_message(label.text).unwrap_or((label.text.trim(), ""));
            self.add(label.label, label.column, type_name, message);
        } else {
            self.named_in(&above[above.len().saturating_sub(HEADER_REACH)..], None);
        }
    }

    /// The nearest line above the frames that names an exception.
    fn named_in(&mut self, above: &[&'t str], label: Option<Labelled<'_>>) {
        let nearest = |named: fn(&'t str) -> Option<(&'t str, &'t str)>| {
            above.iter().enumerate().rev().find_map(|(at, line)| Some((at, named(line)?)))
        };
        let Some((at, (type_name, message))) = nearest(named).or_else(|| nearest(named_inside)) else { return };
        let mut message = message.to_owned();
        add_lines(&mut message, &above[at + 1..]);
        let column = column_of(above[at]);
        let is_item = self.errors.is_some_and(|errors| column > errors);
        let plain = if is_item { Label::Item } else { Label::Plain };
        let (label, column) = label.map_or((plain, column), |label| (label.label, label.column));
        self.add(label, column, type_name, &message);
    }

    fn labelled(&mut self, label: Labelled<'t>) {
        if label.is_js() && self.exceptions.is_empty() {
            self.add_head();
        }
        self.in_frames = false;
        self.above.clear();
        if label.label == Label::Errors {
            self.errors = Some(label.column);
            labels::bracketed(label.text).into_iter().for_each(|text| self.listed(text, label.column + 1));
        } else if let Some((type_name, message)) = labels::bracketed(label.text).and_then(named) {
            self.add(label.label, label.column, type_name, message);
        } else if let Some((type_name, message)) = named(label.text) {
            self.add(label.label, label.column, type_name, message);
            self.awaits = true;
        } else {
            self.unread = (!label.is_js() || label.text.is_empty()).then_some(label);
        }
    }

    /// What has no frames of its own, above the cause that has.
    fn add_head(&mut self) {
        let named = self.above.iter().rev().find_map(|line| {
            let (type_name, message) = named(labels::bracketed(line.trim_end_matches([' ', '{'])).unwrap_or(line))?;
            Some((column_of(line), type_name, message.trim_end_matches([' ', '{'])))
        });
        if let Some((column, type_name, message)) = named {
            self.add(Label::Plain, column, type_name, message);
        }
    }

    fn other(&mut self, line: &'t str) {
        self.in_frames = false;
        if let Some(errors) = self.errors {
            let column = column_of(line);
            if column <= errors && line.trim_start().starts_with(']') {
                self.errors = None;
            }
            labels::bracketed(line).into_iter().for_each(|text| self.listed(text, column));
        }
        self.above.push(line);
    }

    /// `[TypeError: x]`, without frames, in a list of errors.
    fn listed(&mut self, text: &str, column: usize) {
        if let Some((type_name, message)) = named(text) {
            self.add(Label::Item, column, type_name, message);
        }
    }

    fn add(&mut self, label: Label, column: usize, type_name: &str, message: &str) {
        self.taker = None;
        let is_inside = |suppressed: usize| match label {
            Label::Cause => column >= suppressed,
            _ => column > suppressed,
        };
        if label == Label::Suppressed {
            self.suppressed = Some(self.suppressed.map_or(column, |before| before.min(column)));
            return;
        }
        if self.suppressed.is_some_and(is_inside) {
            return;
        }
        self.suppressed = None;
        let at = self.exceptions.len();
        let (type_name, message) = (type_name.to_owned(), message.to_owned());
        self.exceptions.push(Exception { type_name, message, frames: Vec::new() });
        self.taker = Some(at);
        match label {
            _ if at == 0 => self.root_column = column,
            Label::Cause => self.root = at,
            Label::Wrapper => self.outermost = at,
            Label::JsCause | Label::Item => {
                let key = if label == Label::Item { self.errors.unwrap_or(column) } else { column };
                if !self.is_root_found && key > self.root_column {
                    (self.root, self.root_column) = (at, column);
                } else {
                    self.is_root_found = true;
                }
            }
            _ => {}
        }
    }
}

fn add_lines(message: &mut String, lines: &[&str]) {
    for line in lines {
        message.push('\n');
        message.push_str(line);
    }
}

/// Dropwizard puts `! ` before every line.
fn without_margin(line: &str) -> &str {
    match line.strip_prefix('!') {
        Some(rest) if rest.starts_with('\t') => rest,
        Some(rest) => rest.strip_prefix(' ').unwrap_or(line),
        None => line,
    }
}

fn column_of(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

/// Whether a line by itself names an exception.
pub(super) fn names_exception(line: &str) -> bool {
    !line.starts_with(char::is_whitespace) && line.contains(": ") && frame(line).is_none() && named(line).is_some()
}

/// `Type: message`, perhaps after other words, as in `Uncaught TypeError: ...`; Node puts a code behind some types.
fn named(line: &str) -> Option<(&str, &str)> {
    let line = without_margin(line).trim_start();
    let line = line.strip_prefix(labels::CAUSE).unwrap_or(line);
    let (before_message, message) = line.split_once(": ").unwrap_or((line.trim_end_matches(':'), ""));
    let typed = without_code(before_message);
    let start = typed.rfind([' ', '\t']).map_or(0, |blank| blank + 1);
    let (type_name, message) = match typed.len() < before_message.len() {
        true => (type_and_message(&typed[start..])?.0, message),
        false => type_and_message(&line[start..])?,
    };
    let last = type_name.rsplit(['.', '$']).next().unwrap_or_default();
    let is_exception = ["Error", "Exception", "Throwable", "Failure", "Fault"].iter().any(|end| last.ends_with(end))
        || type_name.contains('.') && last.starts_with(|c: char| c.is_uppercase());
    is_exception.then_some((type_name, message))
}

/// The same behind what a logger or a person says first, `error: no sync: TypeError: ...`.
fn named_inside(line: &str) -> Option<(&str, &str)> {
    line.match_indices(": ").find_map(|(at, mark)| named(&line[at + mark.len()..]))
}

/// `TypeError` of `TypeError [ERR_INVALID_ARG_TYPE]`.
fn without_code(name: &str) -> &str {
    let is_code =
        |code: &str| code.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_');
    match name.strip_suffix(']').and_then(|name| name.rsplit_once(" [")) {
        Some((type_name, code)) if is_code(code) => type_name,
        _ => name,
    }
}

fn line(line: &str) -> Line {
    let text = without_margin(line);
    let is_between = labels::is_elided(text) || labels::is_between(text) || labels::begin(text).is_some();
    if is_between || frame(line).is_some() { Line::Frame } else { Line::Other }
}

#[cfg(test)]
mod tests;
