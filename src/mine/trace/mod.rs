//! Stack traces: read in the languages that Cloud Run services speak, and told by type and frames, not by wording.
//!
//! The rules are those of Google Error Reporting: an exception is known by the type of its innermost cause and the five
//! innermost frames of the application, with library frames dropped and repeated frames folded. A chain of exceptions is
//! one event.

mod at_lines;
mod csharp;
mod dart;
mod go;
mod names;
mod php;
pub mod pieces;
mod python;
mod release;
mod ruby;
mod rust;
mod shape;
mod text;
mod words;

use memchr::memchr2;
use memchr::memmem::find;

pub use shape::{FRAMES_MARK, split_shape};

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Frame {
    pub file: String,
    pub function: String,
    pub line: Option<u32>,
    /// Whether it is the service's own code, not a library's.
    pub is_application: bool,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Exception {
    pub type_name: String,
    pub message: String,
    /// Outermost call first, in every language.
    pub frames: Vec<Frame>,
}

/// At least one exception, with the place of the two that matter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trace {
    /// As printed: causes come first in Python, last in Java.
    pub exceptions: Vec<Exception>,
    root: usize,
    outermost: usize,
}

/// How one language, or several alike, print a trace: a file each.
pub struct Language {
    /// One of these stands in every such trace.
    marks: &'static [&'static str],
    parse: fn(&str) -> Option<Trace>,
    /// How lines of a trace begin that may be told as messages of their own, blanks before them aside.
    starts: &'static [&'static str],
    /// What a line by itself is to a trace.
    line: fn(&str) -> Line,
    /// What a line is that means nothing by itself, inside a trace of this language.
    line_inside: fn(&str) -> Line,
    /// How many lines below a header may say what happened.
    lines_below: fn(&str) -> usize,
}

/// What one line, told as a message of its own, is to a trace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Line {
    /// A trace begins, and its frames follow.
    Header,
    /// A frame, or what stands between frames; the line before the first one named the exception.
    Frame,
    /// Another exception follows in a line to come.
    Link,
    /// The exception is told to its end.
    End,
    Other,
}

/// In the order in which they are tried: the last takes what others have a more telling form of.
const LANGUAGES: [&Language; 8] = [
    &ruby::LANGUAGE,
    &python::LANGUAGE,
    &go::LANGUAGE,
    &rust::LANGUAGE,
    &dart::LANGUAGE,
    &php::LANGUAGE,
    &csharp::LANGUAGE,
    &at_lines::LANGUAGE,
];

/// Whether it is worth parsing: line breaks, and the words that traces have.
fn looks_like_trace(message: &str) -> bool {
    let bytes = message.as_bytes();
    (memchr2(b'\n', b'\\', bytes).is_some() || message.trim_start().starts_with(rust::THREAD))
        && LANGUAGES.iter().flat_map(|language| language.marks).any(|mark| find(bytes, mark.as_bytes()).is_some())
}

/// The trace that a message is, if it is one.
pub fn parse(message: &str) -> Option<Trace> {
    if !looks_like_trace(message) {
        return None;
    }
    let text = text::with_line_breaks(message.trim());
    LANGUAGES.iter().find_map(|language| (language.parse)(&text))
}

impl Trace {
    fn new(exceptions: Vec<Exception>, root: usize, outermost: usize) -> Option<Self> {
        let last = exceptions.len().checked_sub(1)?;
        Some(Self { exceptions, root: root.min(last), outermost: outermost.min(last) })
    }

    /// The root cause.
    pub fn innermost(&self) -> &Exception {
        &self.exceptions[self.root]
    }

    /// What reached the caller in the end.
    pub fn outermost(&self) -> &Exception {
        &self.exceptions[self.outermost]
    }

    /// `Type: first line of the message` of the outermost exception.
    pub fn headline(&self) -> String {
        let exception = self.outermost();
        let message = exception.message.lines().next().unwrap_or_default().trim();
        if message.is_empty() { exception.type_name.clone() } else { format!("{}: {message}", exception.type_name) }
    }

    /// Whether the line that names the exception opens an object: what happened stands inside of it.
    pub fn is_printed_object(&self) -> bool {
        let first_line = self.innermost().message.lines().next().unwrap_or_default();
        first_line.trim_end().ends_with(['{', '[', '('])
    }

    /// The innermost frame of the application, in the root cause if it has one, else in any exception.
    pub fn frame_to_look_at(&self) -> Option<&Frame> {
        let innermost_own = |exception: &'_ Exception| exception.frames.iter().rposition(|frame| frame.is_application);
        self.outwards().find_map(|exception| innermost_own(exception).map(|at| &exception.frames[at]))
    }

    /// The frames of the application from the innermost outwards, in the root cause first.
    pub fn own_frames(&self) -> impl Iterator<Item = &Frame> {
        self.outwards().flat_map(|exception| exception.frames.iter().rev()).filter(|frame| frame.is_application)
    }

    /// What the exception is known by, readable: `Type: masked message in file function < file function`. A cause that
    /// lies in libraries alone is told by the frames of what it led to, where the service's own code comes in.
    pub fn shape_text(&self) -> String {
        let has_own = |exception: &&Exception| exception.frames.iter().any(|frame| frame.is_application);
        let place = self.outwards().find(has_own).unwrap_or(self.innermost());
        shape::shape_text(self.innermost(), &place.frames)
    }

    /// The exceptions from the root cause to the outermost.
    fn outwards(&self) -> impl Iterator<Item = &Exception> {
        let (low, high) = (self.root.min(self.outermost), self.root.max(self.outermost));
        let is_rising = self.root <= self.outermost;
        (low..=high).map(move |at| &self.exceptions[if is_rising { at } else { low + high - at }])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHAINED: &str = "\
worker failed
Traceback (most recent call last):
  File \"/srv/shop/app/store.py\", line 41, in load
    row = rows[key]
          ~~~~^^^^^
KeyError: 'tea-17'

During handling of the above exception, another exception occurred:

Traceback (most recent call last):
  File \"/usr/lib/python3.12/runpy.py\", line 88, in run
    main()
  File \"/srv/shop/app/main.py\", line 7, in main
    raise shop.errors.StoreError(\"no tea\") from None
shop.errors.StoreError: no tea
second line
";

    #[test]
    fn chained_trace_is_one_event() {
        let trace = parse(CHAINED).unwrap();
        assert_eq!(trace.exceptions.len(), 2);
        assert_eq!(trace.innermost().type_name, "KeyError");
        assert_eq!(trace.headline(), "shop.errors.StoreError: no tea");
        assert_eq!(trace.outermost().message, "no tea\nsecond line");
        assert_eq!(trace.frame_to_look_at().map(|frame| frame.line), Some(Some(41)));
        assert_eq!(trace.own_frames().map(|frame| frame.line).collect::<Vec<_>>(), [Some(41), Some(7)]);
        assert_eq!(trace.shape_text(), "KeyError: <*> in shop/app/store.py load");
        assert!(!trace.outermost().frames[0].is_application);
    }

    #[test]
    fn literal_line_breaks_and_other_values_have_the_same_shape() {
        let escaped = CHAINED.replace('\n', "\\n").replace("41", "52").replace("tea-17", "oat");
        assert!(looks_like_trace(&escaped));
        assert_eq!(parse(&escaped).unwrap().shape_text(), parse(CHAINED).unwrap().shape_text());
    }

    #[test]
    fn unrelated_tracebacks_give_the_last_ones_cause() {
        let two = format!(
            "{CHAINED}\nTraceback (most recent call last):\n  File \"a.py\", line 1, in f\n    f()\nOSError: gone\n"
        );
        assert_eq!(parse(&two).unwrap().innermost().type_name, "OSError");
    }

    #[test]
    fn java_causes_come_last() {
        let text = "ERROR boom\njava.lang.IllegalStateException: no seat 4\n\tat com.acme.Seat.take(Seat.java:9)\n\tat java.base/java.lang.Thread.run(Thread.java:1)\nCaused by: java.io.IOException: pipe 7 broke\n\tat com.acme.Pipe.open(Pipe.java:3)\n\t... 2 more\n";
        assert!(looks_like_trace(text));
        let trace = parse(text).unwrap();
        assert_eq!(trace.headline(), "java.lang.IllegalStateException: no seat 4");
        assert_eq!(trace.shape_text(), "java.io.IOException: pipe <*> broke in Pipe.java com.acme.Pipe.open");
        assert_eq!(trace.frame_to_look_at().map(|frame| frame.line), Some(Some(3)));
    }

    #[test]
    fn node_and_go() {
        let node = "TypeError: x is not a function\n    at sell (/srv/shop/till.js:10:5)\n    at /srv/node_modules/express/r.js:5:1\n    at async main (file:///srv/shop/main.js:3:1)";
        assert_eq!(
            parse(node).unwrap().shape_text(),
            "TypeError: x is not a function in srv/shop/till.js sell < srv/shop/main.js main"
        );
        let go = "panic: runtime error: index out of range [5] with length 3\n\ngoroutine 1 [running]:\nmain.sell(0x1, {0x2, 0x3})\n\t/srv/shop/till.go:12 +0x1d\nmain.main()\n\t/srv/shop/main.go:5 +0x2\nexit status 2\n";
        assert!(looks_like_trace(go));
        assert_eq!(
            parse(go).unwrap().shape_text(),
            "panic: runtime error: index out of range [<*>] with length <*> in srv/shop/till.go main.sell < srv/shop/main.go main.main"
        );
    }

    #[test]
    fn plain_text_is_no_trace() {
        for text in [
            "look at me",
            "line one\nlooking at two",
            "a\n    at noon we met",
            "x\\n",
            "Traceback (most recent call last):\n",
        ] {
            assert!(!looks_like_trace(text) || parse(text).is_none(), "{text}");
        }
    }
}
