//! Ruby backtraces: the place, the message and the type on one line, then where it was called `from`; Rails writes
//! `Type (message):` above the frames, and the causes by name before them. Causes come last, except in the terminal's
//! upside-down order.

use super::text::{is_application, type_and_message};
use super::{Exception, Frame, Language, Line, Trace};

pub(super) const LANGUAGE: Language = Language {
    marks: &[":in `", ":in '"],
    parse,
    starts: &["from "],
    line: |line| match line {
        _ if is_frame(line) => Line::Frame,
        _ if is_heading(line) => Line::Header,
        _ => Line::Other,
    },
    line_inside: |line| if frame(line).is_some() { Line::Frame } else { Line::Other },
    lines_below: |_| 0,
};

/// What Rails writes before the names of causes, and before a name that was told above.
const LABELS: [&str; 3] = ["Caused by: ", "Information for cause: ", "Information for: "];

#[derive(Default)]
struct Reader<'t> {
    exceptions: Vec<Exception>,
    /// Numbered frames of a trace that is printed upside down, outermost call first.
    numbered: Vec<Frame>,
    /// The last line that may have named an exception.
    header: Option<(&'t str, &'t str)>,
    /// Whether what the header says ends in a line to come.
    is_header_open: bool,
    /// Named by Rails without frames, the outermost first.
    listed: Vec<(&'t str, &'t str)>,
    is_open: bool,
}

pub(super) fn parse(text: &str) -> Option<Trace> {
    let mut reader = Reader::default();
    for line in text.lines() {
        reader.line(without_tags(line));
    }
    let Reader { mut exceptions, listed, .. } = reader;
    exceptions.iter_mut().for_each(|exception| exception.frames.reverse());
    if exceptions.is_empty() {
        return None;
    }
    for (type_name, message) in listed {
        if !exceptions.iter().any(|known| known.type_name == type_name && known.message == message) {
            let (type_name, message) = (type_name.to_owned(), message.to_owned());
            exceptions.push(Exception { type_name, message, frames: Vec::new() });
        }
    }
    let root = exceptions.len().checked_sub(1)?;
    Trace::new(exceptions, root, 0)
}

impl<'t> Reader<'t> {
    fn line(&mut self, line: &'t str) {
        let Some((frame, rest)) = frame(line) else {
            return self.other_line(line);
        };
        if let Some((type_name, message)) = raised(rest) {
            let mut frames = vec![frame];
            frames.extend(std::mem::take(&mut self.numbered).into_iter().rev());
            self.exceptions.push(Exception { type_name: type_name.to_owned(), message: message.to_owned(), frames });
            self.is_open = true;
        } else if is_numbered(line) {
            self.numbered.push(frame);
        } else if self.is_open {
            self.exceptions.last_mut().into_iter().for_each(|exception| exception.frames.push(frame.clone()));
        } else if let Some((type_name, message)) = self.header.take() {
            self.is_header_open = false;
            let (type_name, message) = (type_name.to_owned(), message.to_owned());
            self.exceptions.push(Exception { type_name, message, frames: vec![frame] });
            self.is_open = true;
        }
    }

    /// More of the message, or the line that names the next exception.
    fn other_line(&mut self, line: &'t str) {
        if let Some((told, is_open)) = opened(line) {
            self.list_header();
            (self.header, self.is_header_open) = (Some(told), is_open);
            self.is_open = false;
        } else if self.is_header_open {
            let line = line.trim_end();
            self.is_header_open = !line.ends_with("):") && line != ")";
        } else if let Some(named) = named(line) {
            self.list_header();
            self.header = Some(named);
            self.is_open = false;
        } else if self.is_open && !line.trim().is_empty() {
            self.is_open = self.exceptions.last().is_some_and(|exception| exception.frames.len() < 2);
        }
    }

    /// What was named and has no frames before the next is named.
    fn list_header(&mut self) {
        let told = self.header.take().filter(|told| !self.listed.contains(told));
        self.listed.extend(told);
    }
}

/// `card declined (PaymentError)` behind the place where it was raised.
fn raised(rest: &str) -> Option<(&str, &str)> {
    let (message, type_name) = rest.strip_prefix(": ")?.trim_end().strip_suffix(')')?.rsplit_once('(')?;
    is_class(type_name).then_some((type_name, message.trim_end()))
}

/// `Type (message):` or `Type: message`.
fn named(line: &str) -> Option<(&str, &str)> {
    let line = line.trim();
    if let Some((type_name, message)) =
        line.trim_end_matches(':').strip_suffix(')').and_then(|head| head.split_once(" ("))
        && is_class(type_name)
    {
        return Some((type_name, message));
    }
    let start = line.split(": ").next()?.rfind(' ').map_or(0, |blank| blank + 1);
    type_and_message(&line[start..]).filter(|(type_name, _)| is_class(type_name))
}

/// `Type (first line of a message`, and whether the message goes on: the bracket is closed in a line to come.
fn opened(line: &str) -> Option<((&str, &str), bool)> {
    let line = line.trim_end();
    let line = LABELS.iter().find_map(|label| line.strip_prefix(label)).unwrap_or(line);
    let (type_name, message) = line.split_once(" (").filter(|(type_name, _)| is_exception(type_name))?;
    let closed = message.strip_suffix("):").or_else(|| message.strip_suffix(')'));
    let is_open = !message.ends_with("):") && message.matches('(').count() + 1 != message.matches(')').count();
    Some(((type_name, closed.filter(|_| !is_open).unwrap_or(message)), is_open))
}

/// `Type (message):`, as Rails writes it above frames.
fn is_heading(line: &str) -> bool {
    line.trim_end().ends_with("):") && opened(line).is_some_and(|(_, is_open)| !is_open)
}

/// A class that by its name is an exception.
fn is_exception(name: &str) -> bool {
    let is_named =
        name.contains("::") || ["Error", "Exception", "NotFound", "Invalid"].iter().any(|end| name.ends_with(end));
    is_class(name) && is_named
}

/// The line without the logger's head and the tags that Rails repeats in front of every line: `[id] `.
fn without_tags(line: &str) -> &str {
    // `F, [2026-03-10T09:46:47.339664 #1] FATAL -- : `
    let is_headed = line.as_bytes().first().is_some_and(u8::is_ascii_uppercase) && line[1..].starts_with(", [");
    let headed = line.split_once(" -- ").filter(|_| is_headed).and_then(|(_, rest)| rest.split_once(": "));
    let mut line = headed.map_or(line, |(_, rest)| rest);
    while let Some((tag, rest)) = line.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        if tag.is_empty() || tag.contains([' ', '[']) || !rest.is_empty() && !rest.starts_with(' ') {
            break;
        }
        line = rest.strip_prefix(' ').unwrap_or(rest);
    }
    line
}

fn is_class(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_uppercase())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b':'))
        && name.len() > 2
}

/// Whether the line is `2: from ...`, as in a trace printed upside down.
fn is_numbered(line: &str) -> bool {
    let (number, rest) = line.trim_start().split_once(": ").unwrap_or_default();
    !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()) && rest.starts_with("from ")
}

/// ``from app/till.rb:12:in `sell'``, with what follows the closing quote.
fn frame(line: &str) -> Option<(Frame, &str)> {
    let line = line.trim_start();
    let line = if is_numbered(line) { line.split_once(": ")?.1 } else { line };
    let line = line.strip_prefix("from ").unwrap_or(line);
    let at = line.find(":in `").or_else(|| line.find(":in '"))?;
    let (place, call) = (&line[..at], &line[at + ":in `".len()..]);
    let (file, number) = place.rsplit_once(':').filter(|(file, _)| !file.contains([' ', '\t']))?;
    let number = number.parse().ok()?;
    let (function, rest) = call.split_once('\'')?;
    let is_application = is_application(file, function);
    let frame = Frame { file: file.to_owned(), function: function.to_owned(), line: Some(number), is_application };
    Some((frame, rest))
}

fn is_frame(line: &str) -> bool {
    line.trim_start().starts_with("from ") && frame(line).is_some_and(|(_, rest)| rest.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cause_comes_after_what_it_led_to() {
        let text = "app/till.rb:12:in `rescue in sell': till is stuck (Till::Error)\n\tfrom app/till.rb:9:in `sell'\n\tfrom app/main.rb:3:in `<main>'\napp/drawer.rb:4:in `open': no key 17 (KeyError)\nsecond line\n\tfrom app/till.rb:10:in `sell'\n";
        let trace = parse(text).unwrap();
        assert_eq!(trace.headline(), "Till::Error: till is stuck");
        assert_eq!(trace.shape_text(), "KeyError: no key <*> in app/drawer.rb open < app/till.rb sell");
        assert_eq!(trace.frame_to_look_at().and_then(|frame| frame.line), Some(4));
    }

    #[test]
    fn rails_names_the_exception_above_its_frames() {
        let text = "FATAL -- : [a1] NoMethodError (undefined method 'price' for nil):\n  \napp/models/tea.rb:7:in 'Tea#price'\n/usr/local/bundle/gems/rack-3.1/lib/rack.rb:5:in 'call'";
        let text = text.split_once("[a1] ").unwrap().1;
        assert_eq!(
            parse(text).unwrap().shape_text(),
            "NoMethodError: undefined method <*> for nil in app/models/tea.rb price"
        );
    }

    #[test]
    fn both_ways_of_writing_a_name_are_one() {
        let new = "app.rb:3:in 'Integer#/': undefined method 'price' for nil (NoMethodError)\n\tfrom app.rb:3:in 'block in Till.run'\n\tfrom app.rb:9:in '<main>'";
        let old = "app.rb:3:in `/': undefined method `price' for nil (NoMethodError)\n\tfrom app.rb:3:in `block in run'\n\tfrom app.rb:9:in `<main>'";
        let shape = "NoMethodError: undefined method <*> for nil in app.rb / < app.rb block in run < app.rb <main>";
        assert_eq!(parse(new).unwrap().shape_text(), shape);
        assert_eq!(parse(old).unwrap().shape_text(), shape);
    }

    #[test]
    fn upside_down_traces_are_turned() {
        let text =
            "Traceback (most recent call last):\n\t1: from main.rb:9:in `<main>'\nmain.rb:2:in `f': no tea (IOError)";
        assert_eq!(parse(text).unwrap().shape_text(), "IOError: no tea in main.rb f < main.rb <main>");
    }
}
