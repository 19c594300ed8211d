//! Which statements a query may be where nothing may be written: those that only read, as DuckDB itself parses them.
//!
//! Turning off access to files is not enough: DuckDB goes on to allow the database's own path to `copy`, at the top level
//! and in a `with` (`SetEnableExternalAccess` of DuckDB's settings).

use anyhow::{Result, anyhow, bail};
use duckdb::{Connection, params};
use serde_json::Value;

use super::{
    statements::Statement,
    tokens::{Kind, Token, tokens},
};

/// What a `with` or a set operation may be made of; statements that write have nodes of their own.
const NODES: [&str; 4] = ["SELECT_NODE", "SET_OPERATION_NODE", "RECURSIVE_CTE_NODE", "CTE_NODE"];

/// Runs statements that no parser has seen as text.
const RUNS_OTHERS: &str = "json_execute_serialized_sql";

/// Whether statements may run on a connection that was closed to files.
pub fn check(connection: &Connection, statements: &[Statement<'_>]) -> Result<()> {
    if is_open(connection)? {
        return Ok(());
    }
    statements.iter().try_for_each(|statement| check_text(connection, statement.text))
}

/// Whether a text is one statement that only reads.
pub fn check_text(connection: &Connection, sql: &str) -> Result<()> {
    let read = explained(sql);
    if is_pivot(read) {
        return Ok(());
    }
    let parsed: String = connection.query_row("select json_serialize_sql(?)", params![read], |row| row.get(0))?;
    let parsed: Value = serde_json::from_str(&parsed)?;
    match parsed["error_type"].as_str() {
        None if parsed["statements"].as_array().is_some_and(|list| list.len() == 1) && only_reads(&parsed) => Ok(()),
        // running it shows DuckDB's message with its place
        Some("parser") => Ok(()),
        _ => Err(refused(sql)),
    }
}

fn is_open(connection: &Connection) -> Result<bool> {
    let sql = "select current_setting('enable_external_access')";
    Ok(connection.query_row(sql, [], |row| row.get(0))?)
}

fn refused(sql: &str) -> anyhow::Error {
    let verb = words(sql).next().map(|word| word.text.to_ascii_uppercase()).unwrap_or_default();
    anyhow!(
        "a {verb} statement may change files or the database\n\nhint: a query reads: SELECT, FROM, WITH, VALUES, DESCRIBE, SHOW, \
         SUMMARIZE, PIVOT, EXPLAIN; `gardener sql --unsafe` runs any statement"
    )
}

/// What an `explain` is about; DuckDB does not serialize the explanation itself.
fn explained(sql: &str) -> &str {
    let mut list = words(sql);
    let Some(first) = list.next().filter(|word| word.is_word("explain")) else { return sql };
    let mut from = first.end();
    let mut depth = 0_usize;
    for word in list {
        let is_option = match word.text {
            "(" => {
                // an option list is followed by a statement, a statement in parentheses by nothing
                depth += 1;
                true
            }
            ")" => {
                depth = depth.saturating_sub(1);
                true
            }
            _ => depth > 0 || word.is_word("analyze"),
        };
        if !is_option {
            break;
        }
        from = word.end();
    }
    let rest = &sql[from..];
    if rest.trim().is_empty() { &sql[first.end()..] } else { rest }
}

/// A pivot whose columns the data says is several statements to DuckDB, one of which makes a temporary type.
fn is_pivot(sql: &str) -> bool {
    let mut list = words(sql);
    let starts = list.next().is_some_and(|word| word.is_word("pivot") || word.is_word("pivot_wider"));
    let is_plain = |word: Token<'_>| word.kind != Kind::Semicolon && !word.is_word("copy") && !word.is_word("with");
    starts && words(sql).all(is_plain) && !sql.to_ascii_lowercase().contains(RUNS_OTHERS)
}

fn words(sql: &str) -> impl Iterator<Item = Token<'_>> {
    tokens(sql).into_iter().filter(Token::says_something)
}

fn only_reads(value: &Value) -> bool {
    match value {
        Value::Array(list) => list.iter().all(only_reads),
        Value::Object(members) => {
            let word = |name: &str| members.get(name).and_then(Value::as_str).unwrap_or_default();
            let node = word("type");
            let is_known = !node.ends_with("_NODE") || NODES.contains(&node);
            is_known && !word("function_name").eq_ignore_ascii_case(RUNS_OTHERS) && members.values().all(only_reads)
        }
        _ => true,
    }
}

/// Whether a model of the user's is one query.
pub fn check_model(connection: &Connection, path: &str, sql: &str) -> Result<()> {
    if check_text(connection, sql).is_err() {
        bail!("your model `{path}` is not one query\n\nhint: a model is a single SELECT, FROM, WITH or VALUES");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_allowed(sql: &str) -> bool {
        let connection = Connection::open_in_memory().unwrap();
        check_text(&connection, sql).is_ok()
    }

    #[test]
    fn statements_that_read_are_allowed() {
        for sql in [
            "select 1",
            "from range(3)",
            "with a as (select 1) from a",
            "values (1), (2)",
            "table x",
            "describe x",
            "describe select 1",
            "show tables",
            "show all tables",
            "summarize x",
            "explain select 1",
            "explain analyze select 1",
            "explain (format json) select 1",
            "explain (analyze, format json) from x",
            "(select 1) union all (select 2)",
            "with recursive t(n) as (values (1) union all select n + 1 from t where n < 3) from t",
            "pivot x on a using count(*)",
            "unpivot x on a, b",
            "select $a",
            "select ?",
        ] {
            assert!(is_allowed(sql), "{sql}");
        }
    }

    #[test]
    fn statements_that_write_are_refused() {
        for sql in [
            "copy (select 1) to 'a'",
            "with a as (copy (select 1) to 'a') from a",
            "with a as (insert into x values (1) returning *) from a",
            "explain analyze copy (select 1) to 'a'",
            "explain copy (select 1) to 'a'",
            "explain analyze with a as (copy (select 1) to 'a') from a",
            "select * from json_execute_serialized_sql('{}')",
            "pivot (with a as (copy (select 1) to 'a') from a) on b",
            "select 1; copy (select 1) to 'a'",
            "export database 'a'",
            "import database 'a'",
            "insert into x values (1)",
            "update x set a = 1",
            "delete from x",
            "truncate x",
            "merge into x using y on true when matched then delete",
            "create table a (b int)",
            "create temp table a as select 1",
            "create macro f() as 1",
            "drop table x",
            "alter table x add column b int",
            "attach 'a'",
            "detach a",
            "use a",
            "set threads = 1",
            "reset threads",
            "set variable a = 1",
            "pragma version",
            "call checkpoint()",
            "checkpoint",
            "force checkpoint",
            "vacuum",
            "analyze",
            "begin",
            "commit",
            "rollback",
            "prepare a as select 1",
            "execute a",
            "deallocate a",
            "load json",
            "install json",
            "comment on table x is 'a'",
            "create secret a (type s3)",
            "copy from database a to b",
            "update extensions",
        ] {
            assert!(!is_allowed(sql), "{sql}");
        }
    }
}
