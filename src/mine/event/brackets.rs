//! What a line opens and closes, text in quotes aside.

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Brackets {
    /// Opened and not closed in the line.
    pub opened: usize,
    /// Closed and not opened in the line.
    pub closed: usize,
    /// What is left open stands first or last, as where an object is printed; in a sentence it means nothing.
    pub is_at_edge: bool,
}

pub fn read(text: &str) -> Brackets {
    let text = text.trim();
    let mut places = Vec::new();
    let (mut closed, mut quote, mut before) = (0, None, ' ');
    for (at, c) in text.char_indices() {
        match c {
            _ if quote.is_some() => {
                if quote == Some(c) && before != '\\' {
                    quote = None;
                }
            }
            // an apostrophe is no quote, nor is what the line does not close
            '"' | '\'' | '`' if !before.is_alphanumeric() && text[at + 1..].contains(c) => quote = Some(c),
            '{' | '[' | '(' => places.push(at),
            '}' | ']' | ')' => {
                if places.pop().is_none() {
                    closed += 1;
                }
            }
            _ => {}
        }
        before = c;
    }
    let is_at_edge = places.first() == Some(&0) || places.last().is_some_and(|at| at + 1 == text.len());
    Brackets { opened: places.len(), closed, is_at_edge }
}
