//! From messages to patterns, in two stages, so that every number in a worklog rests on the same grouping each time.
//!
//! 1. `Miner::mine` is a pure function of one message. A byte scanner masks what varies (numbers, ids, paths, times,
//!    values of keys) and leaves a *shape*; a stack trace becomes its exception type and innermost frames instead.
//! 2. `merge` is a pure function of the set of shapes. It finds the words that vary among shapes alike elsewhere and
//!    joins those shapes into a *pattern*; its rules only ever join, so more data never splits what was one.
//!
//! Order of loading takes part in neither, unlike in miners that grow a tree as lines arrive (He et al., Drain, ICWS
//! 2017): the same entries give the same patterns however they were split over files and runs.

pub mod event;
pub mod pattern;
pub mod shape;
pub mod trace;

use self::{
    shape::{clean, scan},
    trace::Trace,
};

pub use pattern::merge::{MERGE_VERSION, Pattern, ShapeStat, merge};
pub use shape::clean::escape_length;
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
    /// A request as the program's own access log tells it.
    Access,
    Exception,
}

impl Kind {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Message => "message",
            Self::Request => "request",
            Self::Access => "access",
            Self::Exception => "exception",
        }
    }

    /// Reads what `as_str` writes.
    pub fn named(name: &str) -> Self {
        [Self::Request, Self::Access, Self::Exception]
            .into_iter()
            .find(|kind| kind.as_str() == name)
            .unwrap_or(Self::Message)
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
        self.mine_parsed(message, trace::parse(message).as_ref())
    }

    /// The same, for a message that was looked at for a trace before.
    pub fn mine_parsed(&mut self, message: &str, trace: Option<&Trace>) -> Mined<'_> {
        let kind = self.shape(message, trace);
        if self.text.len() > LONGEST_SHAPE {
            self.text.truncate(self.text.floor_char_boundary(LONGEST_SHAPE));
            self.text.push_str(VARIABLE);
        }
        Mined { id: ShapeId::of(kind, &self.text), kind, text: &self.text }
    }

    fn shape(&mut self, message: &str, trace: Option<&Trace>) -> Kind {
        let head = match trace {
            Some(trace) if !trace.is_printed_object() => {
                self.text = trace.shape_text();
                return Kind::Exception;
            }
            Some(_) => Some(event::head(&[message])),
            None => None,
        };
        let message = head.as_deref().unwrap_or(message);
        scan::scan(clean::clean(message.trim(), &mut self.cleaned).trim(), &mut self.text);
        Kind::Message
    }
}

/// The message as people should read it, without what transport did to it; the same that its shape is made of.
pub fn clean<'a>(message: &'a str, buffer: &'a mut String) -> &'a str {
    clean::clean(message, buffer)
}

/// The shape text of a plain message, for callers that need it once.
pub(crate) fn shape_of_line(line: &str) -> String {
    let mut cleaned = String::new();
    let mut text = String::new();
    scan::scan(clean::clean(line.trim(), &mut cleaned).trim(), &mut text);
    text
}
