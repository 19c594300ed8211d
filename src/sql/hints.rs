//! What a failed query may have meant, where DuckDB does not say it.

use anyhow::{Error, Result, anyhow};
use duckdb::Connection;

use super::catalog::Catalog;
use crate::text::words::nearest;

/// The error with a hint, if there is one to give.
pub fn with_hint<T>(connection: &Connection, answered: Result<T>) -> Result<T> {
    answered.map_err(|error| {
        let message = error.root_cause().to_string();
        let hint = Catalog::read(connection).ok().and_then(|catalog| hint(&catalog, &message));
        match hint {
            Some(hint) => anyhow!("{message}\n\nhint: {hint}").context(first_message(&error)),
            None => error,
        }
    })
}

fn first_message(error: &Error) -> String {
    error.to_string()
}

fn hint(catalog: &Catalog, message: &str) -> Option<String> {
    if message.contains("\n\nhint: ") {
        return None;
    }
    let first = message.lines().next()?;
    let has_suggestion = message.contains("Did you mean");
    if let Some(name) = between(first, "Referenced column \"", "\"").or_else(|| between(first, "column named \"", "\""))
    {
        return column_hint(catalog, name).filter(|hint| !is_said(message, hint));
    }
    if let Some(name) = between(first, "Table with name ", " does not exist") {
        return meant(nearest(name, catalog.sources())).filter(|_| !has_suggestion);
    }
    if let Some(name) = between(first, "Function with name ", " does not exist") {
        let known = catalog.functions.iter().map(|function| function.name.as_str());
        return meant(nearest(name, known)).filter(|_| !has_suggestion);
    }
    let disabled = "file system operations are disabled";
    first.contains(disabled).then(|| "queries cannot access files; `--unsafe` allows it".to_owned())
}

/// A column of that very name is elsewhere, or one has nearly that name.
fn column_hint(catalog: &Catalog, name: &str) -> Option<String> {
    let homes = catalog.with_column(name);
    if let Some((first, rest)) = homes.split_first() {
        let homes = [first].into_iter().chain(rest.iter().take(3)).map(|home| format!("`{home}`"));
        let more = if rest.len() > 3 { format!(" and {} more", rest.len() - 3) } else { String::new() };
        return Some(format!("`{name}` is a column of {}{more}", homes.collect::<Vec<_>>().join(", ")));
    }
    let columns = catalog.relations.iter().flat_map(|relation| &relation.columns).map(|column| column.name.as_str());
    meant(nearest(name, columns))
}

/// Whether what a hint would name is among DuckDB's own candidates.
fn is_said(message: &str, hint: &str) -> bool {
    let name = hint.strip_prefix("did you mean `").and_then(|rest| rest.strip_suffix("`?"));
    name.is_some_and(|name| message.contains(&format!("\"{name}\"")))
}

fn meant(name: Option<&str>) -> Option<String> {
    name.map(|name| format!("did you mean `{name}`?"))
}

fn between<'a>(text: &'a str, before: &str, after: &str) -> Option<&'a str> {
    let rest = &text[text.find(before)? + before.len()..];
    Some(&rest[..rest.find(after)?])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hint_of(sql: &str) -> Option<String> {
        let connection = Connection::open_in_memory().unwrap();
        let tables = "create table entries (message text); create table patterns (template text); \
                      create view shown as from entries";
        connection.execute_batch(tables).unwrap();
        let error = connection.prepare(sql).err().unwrap().to_string();
        hint(&Catalog::read(&connection).unwrap(), &error)
    }

    #[test]
    fn near_misses_are_told_where_duckdb_does_not() {
        let hint = |text: &str| Some(text.to_owned());
        assert_eq!(hint_of("select e.mesage from shown as e"), hint("did you mean `message`?"));
        assert_eq!(hint_of("select mesage from entries"), None, "DuckDB names it");
        assert_eq!(hint_of("select template from entries"), hint("`template` is a column of `patterns`"));
        assert_eq!(hint_of("select 1 from entires"), None, "DuckDB says it");
        assert_eq!(hint_of("select 1 from somewhere_else"), None);
        assert_eq!(hint_of("selec 1"), None);
    }
}
