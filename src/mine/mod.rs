//! From messages to patterns, in two stages, so that every number in a worklog rests on the same grouping each time.
//!
//! 1. `Miner::mine` is a pure function of one message. A byte scanner masks what varies (numbers, ids, paths, times,
//!    values of keys) and leaves a *shape*; a stack trace becomes its exception type and innermost frames instead.
//! 2. `merge` is a pure function of the set of shapes. It finds the words that vary among shapes alike elsewhere and
//!    joins those shapes into a *pattern*; its rules only ever join, so more data never splits what was one.
//!
//! Order of loading takes part in neither, unlike in miners that grow a tree as lines arrive (He et al., Drain, ICWS
//! 2017): the same entries give the same patterns however they were split over files and runs.

pub mod pattern;
pub mod shape;
pub mod trace;

use memchr::memchr3;

use self::shape::{clean, scan};

pub use pattern::merge::{MERGE_VERSION, Pattern, ShapeStat, merge};
pub use shape::id::{SHAPE_VERSION, ShapeId};
pub use shape::shape_set::{OTHER_MESSAGES, SHAPES_KEPT, ShapeSet};

/// What stands for a variable part in shapes and templates.
pub const VARIABLE: &str = "<*>";

/// No shape's text is longer, so that none crowds out the others. The scanner cuts long messages before, between words;
/// this is for those without any.
const LONGEST_SHAPE: usize = 2 * scan::SHAPE_BYTES;

/// Whether a shape was read from a plain message, from a request's fields or from a stack trace; they never merge.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    Message,
    Request,
    Exception,
}

impl Kind {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Message => "message",
            Self::Request => "request",
            Self::Exception => "exception",
        }
    }

    /// Reads what `as_str` writes.
    pub fn named(name: &str) -> Self {
        [Self::Request, Self::Exception].into_iter().find(|kind| kind.as_str() == name).unwrap_or(Self::Message)
    }
}

/// A message's shape; the text lives in the miner until the next message.
#[derive(Clone, Copy, Debug)]
pub struct Mined<'a> {
    pub id: ShapeId,
    pub kind: Kind,
    /// The message with its variable parts as `<*>`.
    pub text: &'a str,
}

/// Stage 1. Holds only buffers, never anything learnt: the result depends on the message alone.
#[derive(Debug, Default)]
pub struct Miner {
    text: String,
    cleaned: String,
}

impl Miner {
    pub fn new() -> Self {
        Self::default()
    }

    pub fn mine(&mut self, message: &str) -> Mined<'_> {
        let kind = self.shape(message);
        if self.text.len() > LONGEST_SHAPE {
            self.text.truncate(self.text.floor_char_boundary(LONGEST_SHAPE));
            self.text.push_str(VARIABLE);
        }
        Mined { id: ShapeId::of(kind, &self.text), kind, text: &self.text }
    }

    fn shape(&mut self, message: &str) -> Kind {
        let message = message.trim();
        // neither a trace nor anything to clean has none of these
        if memchr3(b'\n', b'\\', clean::ESCAPE, message.as_bytes()).is_none() {
            scan::scan(message, &mut self.text);
            return Kind::Message;
        }
        if trace::looks_like_trace(message)
            && let Some(trace) = trace::parse(message)
        {
            self.text = trace.shape_text();
            return Kind::Exception;
        }
        scan::scan(clean::clean(message, &mut self.cleaned), &mut self.text);
        Kind::Message
    }
}

/// The shape text of a plain message, for callers that need it once.
pub(crate) fn shape_of_line(line: &str) -> String {
    let mut cleaned = String::new();
    let mut text = String::new();
    scan::scan(clean::clean(line, &mut cleaned), &mut text);
    text
}
