//! A text of SQL in its statements, each with its place, so that errors name lines of the whole text.

use super::tokens::{Kind, Token, tokens};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement<'a> {
    /// From its first word to its last: comments above it would move the place that DuckDB shows.
    pub text: &'a str,
    /// The line it begins in, from 0.
    pub line: usize,
}

impl Statement<'_> {
    /// The names of its parameters, each once, in their order; those of `?` are numbers.
    pub fn parameters(&self) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        let mut unnamed = 0;
        for token in tokens(self.text).iter().filter(|token| token.kind == Kind::Parameter) {
            let name = match token.text.strip_prefix('$') {
                Some(name) => name.to_owned(),
                None => {
                    unnamed += 1;
                    unnamed.to_string()
                }
            };
            if !names.iter().any(|known| known.eq_ignore_ascii_case(&name)) {
                names.push(name);
            }
        }
        names
    }

    /// DuckDB's message about it, with the line of the whole text and the caret still below its word.
    pub fn located(&self, message: &str) -> String {
        let mut shift = 0_isize;
        let lines = message.lines().map(|text| match excerpt(text) {
            Some((number, rest)) => {
                let moved = format!("LINE {}:{rest}", number + self.line);
                shift = moved.len() as isize - text.len() as isize;
                moved
            }
            None if text.trim_start().starts_with('^') => " ".repeat(shift.max(0) as usize) + text,
            None => text.to_owned(),
        });
        lines.collect::<Vec<_>>().join("\n")
    }

    /// Its first word in lower case.
    pub fn verb(&self) -> String {
        let word = tokens(self.text).into_iter().find(Token::says_something);
        word.map(|word| word.text.to_ascii_lowercase()).unwrap_or_default()
    }
}

/// The number and the rest of `LINE 1: select ...`.
fn excerpt(line: &str) -> Option<(usize, &str)> {
    let (number, rest) = line.strip_prefix("LINE ")?.split_once(':')?;
    Some((number.parse().ok()?, rest))
}

/// The statements of a text; pieces of blanks and comments alone are none.
pub fn split(sql: &str) -> Vec<Statement<'_>> {
    let mut list = Vec::new();
    let mut place: Option<(usize, usize)> = None;
    let mut push = |place: Option<(usize, usize)>| {
        list.extend(
            place.map(|(start, end)| Statement { text: &sql[start..end], line: sql[..start].matches('\n').count() }),
        );
    };
    for token in tokens(sql).iter().filter(|token| token.says_something()) {
        if token.kind == Kind::Semicolon {
            push(place.take());
        } else {
            place = Some((place.map_or(token.start, |(start, _)| start), token.end()));
        }
    }
    push(place);
    list
}

/// Whether the last statement of a text has come to its semicolon.
pub fn is_complete(sql: &str) -> bool {
    let list = tokens(sql);
    match list.iter().rev().find(|token| token.says_something()) {
        Some(last) => last.kind == Kind::Semicolon && !list.iter().any(|token| token.is_open),
        None => !list.iter().any(|token| token.is_open),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements_end_with_semicolons_outside_of_texts_and_comments() {
        let sql = "-- first; one\nselect ';' as a;\n\nselect 2 /* ; */ ;; -- end;\n";
        let found = split(sql);
        assert_eq!(found.len(), 2);
        assert_eq!(found[0], Statement { text: "select ';' as a", line: 1 });
        assert_eq!(found[1], Statement { text: "select 2", line: 3 });
        assert!(split(" ;; -- nothing\n").is_empty());
        assert_eq!(split("select $$;$$, \";\"").len(), 1);
    }

    #[test]
    fn errors_name_the_line_of_the_whole_text() {
        let statement = Statement { text: "", line: 9 };
        let message = "Binder Error: no\n\nLINE 2: select x\n               ^";
        assert_eq!(statement.located(message), "Binder Error: no\n\nLINE 11: select x\n                ^");
        assert_eq!(Statement { text: "", line: 0 }.located(message), message);
    }

    #[test]
    fn parameters_are_named_once() {
        let statement = Statement { text: "select $b, $a, $B, '$c', $$ $d $$, ?, ? -- $e", line: 0 };
        assert_eq!(statement.parameters(), ["b", "a", "1", "2"]);
    }

    #[test]
    fn a_line_is_complete_at_its_semicolon() {
        for sql in ["select 1;", "select 1; -- done", "", "-- only a comment", "select ';';"] {
            assert!(is_complete(sql), "{sql}");
        }
        for sql in ["select 1", "select ';", "select 1 /* ; ", "select 1; select 2", "select $$;"] {
            assert!(!is_complete(sql), "{sql}");
        }
    }
}
