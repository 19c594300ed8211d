//! A text of SQL in its statements, each with its place, so that errors name lines of the whole text.

use super::lex::{Kind, Token, tokens};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement<'a> {
    /// With the comments above it, without the semicolon.
    pub text: &'a str,
    /// The line it begins in, from 0.
    pub line: usize,
}

impl Statement<'_> {
    /// The statement below as many empty lines as there are lines above it.
    pub fn in_place(&self) -> String {
        "\n".repeat(self.line) + self.text
    }

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

    /// Its first word in lower case.
    pub fn verb(&self) -> String {
        let word = tokens(self.text).into_iter().find(Token::says_something);
        word.map(|word| word.text.to_ascii_lowercase()).unwrap_or_default()
    }
}

/// The statements of a text; pieces of blanks and comments alone are none.
pub fn split(sql: &str) -> Vec<Statement<'_>> {
    let mut list = Vec::new();
    let (mut start, mut says_something) = (0, false);
    for token in tokens(sql) {
        if token.kind == Kind::Semicolon {
            push(&mut list, sql, (start, token.start), says_something);
            (start, says_something) = (token.end(), false);
        } else {
            says_something |= token.says_something();
        }
    }
    push(&mut list, sql, (start, sql.len()), says_something);
    list
}

fn push<'a>(list: &mut Vec<Statement<'a>>, sql: &'a str, (start, end): (usize, usize), says_something: bool) {
    if says_something {
        let text = sql[start..end].trim_start();
        let line = sql[..end - text.len()].matches('\n').count();
        list.push(Statement { text: text.trim_end(), line });
    }
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
        assert_eq!(found[0], Statement { text: "-- first; one\nselect ';' as a", line: 0 });
        assert_eq!(found[1], Statement { text: "select 2 /* ; */", line: 3 });
        assert_eq!(found[1].in_place(), "\n\n\nselect 2 /* ; */");
        assert!(split(" ;; -- nothing\n").is_empty());
        assert_eq!(split("select $$;$$, \";\"").len(), 1);
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
