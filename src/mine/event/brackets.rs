//! What a line opens and closes, text in quotes aside.

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Brackets {
    /// Opened and not closed in the line.
    pub opened: usize,
    /// Closed and not opened in the line.
    pub closed: usize,
    /// What is left open stands first or last, as where an object is printed; in a sentence it means nothing.
    pub is_at_edge: bool,
}

pub(super) fn read(text: &str) -> Brackets {
    let text = text.trim();
    let mut places = Vec::new();
    let (mut closed, mut quote, mut before) = (0, None, ' ');
    for (at, c) in text.char_indices() {
        if quote.is_some() {
            quote = quote.filter(|&open| open != c || before == '\\');
        } else if matches!(c, '"' | '\'' | '`') {
            // an apostrophe is no quote, nor is what the line does not close
            quote = Some(c).filter(|_| !before.is_alphanumeric() && text[at + 1..].contains(c));
        } else if matches!(c, '{' | '[' | '(') {
            places.push(at);
        } else if matches!(c, '}' | ']' | ')') && places.pop().is_none() {
            closed += 1;
        }
        before = c;
    }
    let is_at_edge = places.first() == Some(&0) || places.last().is_some_and(|at| at + 1 == text.len());
    Brackets { opened: places.len(), closed, is_at_edge }
}
