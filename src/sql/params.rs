//! The values of a query's parameters: what was given, else what its header declares. They are bound, never pasted.

use anyhow::{Result, anyhow, bail};
use duckdb::{Connection, types::Value};

use super::{allowed, failed, header::Header, statements::Statement};
use crate::text::words::nearest;

/// What was given for parameters, and what is written before a name to give more.
pub struct Given<'a> {
    pub values: &'a [(String, String)],
    pub written: &'a str,
}

impl<'a> Given<'a> {
    pub fn on_command_line(values: &'a [(String, String)]) -> Self {
        Self { values, written: "--param " }
    }
}

/// Each parameter of the statements with its value, as text.
#[derive(Debug, Default)]
pub struct Values(Vec<(String, Value)>);

impl Values {
    pub fn of(connection: &Connection, sql: &str, statements: &[Statement<'_>], given: &Given<'_>) -> Result<Self> {
        let header = Header::of(sql);
        let mut names: Vec<String> = Vec::new();
        for name in statements.iter().flat_map(Statement::parameters) {
            if !names.iter().any(|known| known.eq_ignore_ascii_case(&name)) {
                names.push(name);
            }
        }
        let Given { values: given, written } = given;
        check_given(&names, given)?;
        let is_missing = |name: &&String| {
            find(given, name).is_none() && header.param(name).is_none_or(|param| param.default.is_none())
        };
        let missing: Vec<&String> = names.iter().filter(is_missing).collect();
        if !missing.is_empty() {
            bail!("{}", missing_message(&missing, &header, written));
        }
        let value = |name: String| -> Result<(String, Value)> {
            let value = match (find(given, &name), header.param(&name).and_then(|param| param.default.as_deref())) {
                (Some(text), _) => Value::Text(text.to_owned()),
                (None, Some(default)) => evaluate(connection, &name, default)?,
                (None, None) => Value::Null,
            };
            Ok((name, value))
        };
        Ok(Self(names.into_iter().map(value).collect::<Result<_>>()?))
    }

    /// The values of a prepared statement's parameters, in their order.
    pub fn in_order_of(&self, statement: &duckdb::Statement<'_>) -> Result<Vec<Value>> {
        (1..=statement.parameter_count())
            .map(|index| {
                let name = statement.parameter_name(index)?;
                let found = self.0.iter().find(|(known, _)| known.eq_ignore_ascii_case(&name));
                found.map(|(_, value)| value.clone()).ok_or_else(|| anyhow!("no value for the parameter `{name}`"))
            })
            .collect()
    }
}

fn find<'a>(given: &'a [(String, String)], name: &str) -> Option<&'a str> {
    given.iter().rev().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
}

fn check_given(names: &[String], given: &[(String, String)]) -> Result<()> {
    let Some((unknown, _)) = given.iter().find(|(name, _)| !names.iter().any(|known| known.eq_ignore_ascii_case(name)))
    else {
        return Ok(());
    };
    let known = names.iter().map(String::as_str);
    let hint = match (nearest(unknown, known), names) {
        (Some(near), _) => format!("did you mean `{near}`?"),
        (None, []) => format!("it has no parameters; `${unknown}` in the query would be one"),
        (None, names) => format!("there {} {}", if names.len() == 1 { "is" } else { "are" }, quoted(names.iter())),
    };
    bail!("the query has no parameter `{unknown}`\n\nhint: {hint}")
}

fn quoted<'a>(names: impl Iterator<Item = &'a String>) -> String {
    names.map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

fn missing_message(missing: &[&String], header: &Header, written: &str) -> String {
    let lines = missing.iter().map(|name| match header.param(name) {
        Some(param) => format!("`{written}{name}=...`: {}", param.meaning),
        None => format!("`{written}{name}=...`"),
    });
    let word = if missing.len() == 1 { "a value" } else { "values" };
    let names = quoted(missing.iter().copied());
    format!("the query needs {word} for {names}\n\nhint: {}", lines.collect::<Vec<_>>().join("\n      "))
}

/// What a header gives where nothing else is given, as text.
fn evaluate(connection: &Connection, name: &str, expression: &str) -> Result<Value> {
    let sql = format!("select ({expression})::varchar");
    allowed::check(connection, &[Statement { text: &sql, line: 0 }])?;
    let value: Option<String> = connection.query_row(&sql, [], |row| row.get(0)).map_err(|error| {
        failed(&error.to_string()).context(format!("cannot compute the default of the parameter `{name}`"))
    })?;
    Ok(value.map_or(Value::Null, Value::Text))
}

/// Parses `name=value`; the value may be empty and contain further equals signs.
pub fn pair(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.trim_start_matches('$').to_owned(), value.to_owned())),
        _ => Err("expected a name, an equals sign and a value, such as `day=2025-09-14`".into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sql::statements::split;

    fn values(sql: &str, given: &[(&str, &str)]) -> Result<String> {
        let connection = Connection::open_in_memory()?;
        let given: Vec<_> = given.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let statements = split(sql);
        let values = Values::of(&connection, sql, &statements, &Given::on_command_line(&given))?;
        let mut statement = connection.prepare(statements[0].text)?;
        let values = values.in_order_of(&statement)?;
        Ok(statement.query_row(duckdb::params_from_iter(values), |row| row.get(0))?)
    }

    #[test]
    fn values_are_bound_and_never_read_as_sql() {
        assert_eq!(values("select $a || $b || $A", &[("b", "'; drop"), ("a", "x")]).unwrap(), "x'; dropx");
        assert_eq!(values("select ? || ?", &[("1", "x"), ("2", "y")]).unwrap(), "xy");
        assert_eq!(values("select typeof($a)", &[("a", "1")]).unwrap(), "VARCHAR");
    }

    #[test]
    fn defaults_are_expressions_of_the_header() {
        let sql = "-- param n = 20 + 1: so many\n-- param t = 'x': a text\nselect $n || $t";
        assert_eq!(values(sql, &[]).unwrap(), "21x");
        assert_eq!(values(sql, &[("n", "3")]).unwrap(), "3x");
    }

    #[test]
    fn what_is_missing_or_unknown_is_named() {
        let sql = "-- param trace: an id\nselect $trace || $other";
        let said = values(sql, &[]).unwrap_err().to_string();
        assert_eq!(
            said,
            "the query needs values for `trace`, `other`\n\nhint: `--param trace=...`: an id\n      `--param other=...`"
        );
        let said = values(sql, &[("trce", "x")]).unwrap_err().to_string();
        assert_eq!(said, "the query has no parameter `trce`\n\nhint: did you mean `trace`?");
        let said = values("select 'x'", &[("a", "x")]).unwrap_err().to_string();
        assert!(said.contains("it has no parameters"), "{said}");
    }
}
