//! Completion: what may stand where the cursor is, by what stands before it.

use reedline::{Completer, Span, Suggestion};

use super::{Known, dot_commands};
use crate::sql::{
    catalog::{Catalog, FunctionKind, Relation},
    tokens::{Kind, Token, tokens},
};

/// What can be named.
#[derive(Debug, Default)]
pub(crate) struct Words {
    pub catalog: Catalog,
    pub queries: Vec<String>,
}

pub(super) struct Completion(pub Known);

impl Completer for Completion {
    fn complete(&mut self, line: &str, pos: usize) -> Vec<Suggestion> {
        let Ok(known) = self.0.read() else { return Vec::new() };
        let before = line.get(..pos).unwrap_or(line);
        let start =
            before.rfind(|c: char| !(c.is_alphanumeric() || c == '_')).map_or(0, |at| at + width_at(before, at));
        let suggest = |word: Word| Suggestion {
            value: word.text,
            span: Span::new(start, before.len()),
            append_whitespace: word.is_whole,
            ..Suggestion::default()
        };
        completions(&known, line, before).into_iter().map(suggest).collect()
    }
}

fn width_at(text: &str, at: usize) -> usize {
    text[at..].chars().next().map_or(1, char::len_utf8)
}

#[derive(Debug, PartialEq, Eq)]
struct Word {
    text: String,
    /// A blank follows it.
    is_whole: bool,
}

/// The words that may stand where the text before the cursor ends.
fn completions(known: &Words, line: &str, before: &str) -> Vec<Word> {
    let list = tokens(before);
    if before.trim_start().starts_with('.') {
        let words: Vec<&str> = dot_commands::completions(known, before.trim_start());
        return words.into_iter().map(|text| Word { text: text.to_owned(), is_whole: true }).collect();
    }
    let is_in_text = list.last().is_some_and(|last| {
        (last.is_open && last.kind != Kind::Quoted)
            || matches!(last.kind, Kind::Comment | Kind::Parameter | Kind::Number)
    });
    if is_in_text {
        return Vec::new();
    }
    let (said, prefix) = match list.split_last() {
        Some((last, said)) if last.kind == Kind::Word => (said, last.text),
        _ => (list.as_slice(), ""),
    };
    let said: Vec<Token<'_>> = said.iter().copied().filter(Token::says_something).collect();
    let named = named_relations(&known.catalog, line);
    let words = match said.as_slice() {
        [.., owner, dot] if dot.text == "." => columns_of(&known.catalog, &named, owner.text),
        [.., last] if last.kind == Kind::Semicolon && prefix.is_empty() => Vec::new(),
        [.., last] if SOURCE_WORDS.iter().any(|word| last.is_word(word)) => sources(&known.catalog),
        _ => anything(known, &named, prefix),
    };
    with_prefix(words, prefix)
}

/// Those that begin so, each once.
fn with_prefix(words: Vec<Word>, prefix: &str) -> Vec<Word> {
    let mut list: Vec<Word> = Vec::new();
    for word in words {
        let begins = word.text.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix));
        if begins && !list.iter().any(|known| known.text == word.text) {
            list.push(word);
        }
    }
    list
}

/// Words that a relation follows.
const SOURCE_WORDS: &[&str] = &["from", "join", "describe", "summarize", "table", "into", "update"];

/// Relations that the statement names, with the names it gives them.
fn named_relations<'c>(catalog: &'c Catalog, line: &str) -> Vec<(String, &'c Relation)> {
    let list: Vec<Token<'_>> = tokens(line).into_iter().filter(Token::says_something).collect();
    let mut named = Vec::new();
    for (at, token) in list.iter().enumerate() {
        let is_named =
            at > 0 && (SOURCE_WORDS.iter().any(|word| list[at - 1].is_word(word)) || list[at - 1].text == ",");
        let Some(relation) = catalog.relation(token.text).filter(|_| is_named && token.kind == Kind::Word) else {
            continue;
        };
        named.push((relation.name.clone(), relation));
        let after = list.get(at + 1..).unwrap_or_default();
        let alias = if after.first().is_some_and(|next| next.is_word("as")) { after.get(1) } else { after.first() };
        if let Some(alias) = alias.filter(|alias| alias.kind == Kind::Word && !is_keyword(alias.text)) {
            named.push((alias.text.to_owned(), relation));
        }
    }
    named
}

fn columns_of(catalog: &Catalog, named: &[(String, &Relation)], owner: &str) -> Vec<Word> {
    let found = named.iter().find(|(name, _)| name.eq_ignore_ascii_case(owner)).map(|(_, relation)| *relation);
    found.or_else(|| catalog.relation(owner)).map(columns).unwrap_or_default()
}

fn columns(relation: &Relation) -> Vec<Word> {
    relation.columns.iter().map(|column| name(&column.name)).collect()
}

fn sources(catalog: &Catalog) -> Vec<Word> {
    let relations = catalog.relations.iter().map(|relation| name(&relation.name));
    relations.chain(catalog.table_macros().map(|function| call(&function.name))).collect()
}

/// Columns of what is named, keywords, relations, functions; where nothing is typed yet only what is likely.
fn anything(known: &Words, named: &[(String, &Relation)], prefix: &str) -> Vec<Word> {
    let catalog = &known.catalog;
    let mut words: Vec<Word> = named.iter().flat_map(|(_, relation)| columns(relation)).collect();
    let is_upper = prefix.starts_with(|c: char| c.is_ascii_uppercase());
    let keyword = |word: &&str| if is_upper { word.to_ascii_uppercase() } else { (*word).to_owned() };
    if prefix.is_empty() && !named.is_empty() {
        return words;
    }
    words.extend(KEYWORDS.iter().map(|word| Word { text: keyword(word), is_whole: true }));
    if prefix.is_empty() {
        return words;
    }
    if named.is_empty() {
        words.extend(catalog.relations.iter().flat_map(columns));
    }
    words.extend(catalog.relations.iter().map(|relation| name(&relation.name)));
    let functions = catalog.functions.iter().filter(|function| function.kind != FunctionKind::TableMacro);
    words.extend(functions.map(|function| call(&function.name)));
    words
}

/// A name as SQL has to write it.
fn name(text: &str) -> Word {
    let is_plain = text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_') && text != "user";
    Word { text: if is_plain { text.to_owned() } else { format!("\"{text}\"") }, is_whole: false }
}

fn call(name: &str) -> Word {
    Word { text: format!("{name}("), is_whole: false }
}

pub(super) fn is_keyword(word: &str) -> bool {
    KEYWORDS.contains(&word.to_ascii_lowercase().as_str())
}

/// What queries are written with, the commonest first.
#[rustfmt::skip]
const KEYWORDS: &[&str] = &[
    "select", "from", "where", "group", "by", "order", "limit", "with", "as", "and", "or", "not", "in", "is", "null", "on",
    "join", "left", "inner", "having", "desc", "asc", "distinct", "case", "when", "then", "else", "end", "between", "like",
    "ilike", "union", "all", "exists", "using", "over", "partition", "qualify", "filter", "interval", "cast", "true", "false",
    "describe", "summarize", "explain", "show", "tables", "offset", "nulls", "first", "last", "right", "full", "outer",
    "cross", "asof", "anti", "semi", "exclude", "replace", "window", "rows", "range", "values", "except", "intersect",
    "lateral", "unnest", "pivot", "unpivot", "create", "temp", "table", "view", "macro", "drop", "insert", "into", "update",
    "delete", "set", "variable", "copy", "recursive", "materialized", "any", "similar", "to", "sample",
];

#[cfg(test)]
mod tests {
    use duckdb::Connection;

    use super::*;

    fn complete(before: &str, after: &str) -> Vec<String> {
        let connection = Connection::open_in_memory().unwrap();
        let tables = "create table entries (entry_at timestamp, message text, \"user\" text); \
                      create table patterns (pattern_id text, template text); \
                      create macro compare_sides(a, b) as table select a, b";
        connection.execute_batch(tables).unwrap();
        let known = Words { catalog: Catalog::read(&connection).unwrap(), queries: vec!["quiet_hours".into()] };
        completions(&known, &format!("{before}{after}"), before).into_iter().map(|word| word.text).collect()
    }

    #[test]
    fn behind_from_stand_relations_and_macros_of_tables() {
        assert_eq!(complete("select * from ", ""), ["entries", "patterns", "compare_sides("]);
        assert_eq!(complete("select * from e join PAT", ""), ["patterns"]);
    }

    #[test]
    fn columns_are_those_of_what_the_statement_names() {
        assert_eq!(complete("select ", " from entries"), ["entry_at", "message", "\"user\""]);
        assert_eq!(complete("select m", " from entries where 1").first().map(String::as_str), Some("message"));
        assert_eq!(complete("select p.", " from entries e join patterns as p"), ["pattern_id", "template"]);
        assert_eq!(complete("select patterns.t", ""), ["template"]);
        assert!(complete("select templ", "").contains(&"template".into()));
    }

    #[test]
    fn keywords_are_written_as_they_are_begun() {
        assert_eq!(complete("sel", "")[0], "select");
        assert_eq!(complete("SEL", "")[0], "SELECT");
        assert!(complete("select lengt", "").contains(&"length(".into()));
    }

    #[test]
    fn texts_comments_and_parameters_are_left_alone() {
        for before in ["select 'fr", "-- sel", "/* sel", "select $da", "select 12", "select 1;"] {
            assert!(complete(before, "").is_empty(), "{before}");
        }
    }

    #[test]
    fn dot_commands_complete_their_own_words() {
        assert_eq!(complete(".ta", ""), ["tables"]);
        assert_eq!(complete(".describe pat", ""), ["patterns"]);
        assert_eq!(complete(".run qu", ""), ["quiet_hours"]);
        assert_eq!(complete(".timer o", ""), ["on", "off"]);
        assert_eq!(complete(".format nd", ""), ["ndjson"]);
    }
}
