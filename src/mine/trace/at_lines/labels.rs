//! What stands before an exception that belongs to another, and what stands between frames.

pub(super) const CAUSE: &str = "Caused by: ";
pub(super) const WRAPPED: &str = "Wrapped by: ";
pub(super) const CAUSING: &str = "Causing: ";
pub(super) const SUPPRESSED: &str = "Suppressed: ";
pub(super) const JS_CAUSE: &str = "[cause]: ";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Label {
    /// Of its own.
    Plain,
    /// What led to the one before.
    Cause,
    /// What the one before led to.
    Wrapper,
    /// What went wrong besides, while the one before was on its way.
    Suppressed,
    /// A property of the error around it.
    JsCause,
    /// A property that lists errors.
    Errors,
    /// One of them.
    Item,
}

const LABELS: [(&str, Label); 9] = [
    (CAUSE, Label::Cause),
    // as pino writes it
    ("caused by: ", Label::Cause),
    (WRAPPED, Label::Wrapper),
    (CAUSING, Label::Wrapper),
    (SUPPRESSED, Label::Suppressed),
    (JS_CAUSE, Label::JsCause),
    ("cause: ", Label::JsCause),
    ("[errors]: [", Label::Errors),
    ("errors: [", Label::Errors),
];

#[derive(Clone, Copy, Debug)]
pub(super) struct Labelled<'t> {
    pub label: Label,
    /// Where it stands in its line.
    pub column: usize,
    pub text: &'t str,
}

impl Labelled<'_> {
    pub(super) fn is_js(&self) -> bool {
        matches!(self.label, Label::JsCause | Label::Errors)
    }
}

/// A label at the beginning of a line, or behind the brace that opens an error's properties.
pub(super) fn read(line: &str) -> Option<Labelled<'_>> {
    let inside = line.find("{ [").map(|at| &line[at + 2..]);
    begin(line).or_else(|| inside.and_then(|inside| labelled(line, inside)))
}

/// A label at the beginning of a line.
pub(super) fn begin(line: &str) -> Option<Labelled<'_>> {
    let text = line.trim_start();
    labelled(line, text).or_else(|| labelled(line, text.strip_prefix('{')?.trim_start()))
}

fn labelled<'t>(line: &'t str, text: &'t str) -> Option<Labelled<'t>> {
    let column = line.len() - text.len();
    // what it labels may begin in the next line
    if text.trim_end() == JS_CAUSE.trim_end() {
        return Some(Labelled { label: Label::JsCause, column, text: "" });
    }
    let &(word, label) = LABELS.iter().find(|(word, _)| text.starts_with(word))?;
    let found = Labelled { label, column, text: &text[word.len()..] };
    if !found.is_js() {
        return Some(found);
    }
    // without brackets or an indent, a word like any other
    let is_key = word.starts_with('[') || column > 0;
    is_key.then(|| Labelled { text: found.text.trim_end_matches([' ', '{', '}', ',']), ..found })
}

/// An error without frames, `[TypeError: x is not a function]`, perhaps with properties behind it.
pub(super) fn bracketed(text: &str) -> Option<&str> {
    let text = text.trim().trim_end_matches([',', '}', '{', ' ']).strip_prefix('[')?;
    let text = text.trim_start_matches(['[', ' ']);
    let end = text.find("],").or_else(|| text.rfind(']')).unwrap_or(text.len());
    text.starts_with(|c: char| c.is_alphabetic()).then(|| text[..end].trim_end_matches([']', ' ']))
}

/// `... 12 more`, `... 3 common frames omitted`, `... 4 lines matching cause stack trace ...`.
pub(super) fn is_elided(line: &str) -> bool {
    let text = line.trim();
    text.starts_with("... ")
        && [" more", "common frames omitted", "cause stack trace ..."].iter().any(|end| text.ends_with(end))
}

/// What Reactor tells of where a chain of operators was put together, and coroutines of where they were resumed.
pub(super) fn is_between(line: &str) -> bool {
    let text = line.trim();
    text == "Original Stack Trace:"
        || text.starts_with("Error has been observed at the following site(s):")
        || text.starts_with("Assembly trace from producer [")
        || text.starts_with("*__")
        || text.starts_with("|_ ")
}

/// The end of the properties of an error: brackets that close, alone in their line.
pub(super) fn closes(line: &str) -> bool {
    line.starts_with(['}', ']']) && line.bytes().all(|byte| matches!(byte, b'}' | b']' | b')' | b',' | b';'))
}
