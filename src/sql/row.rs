//! Rows as structs: each query that Rust reads has one, which names its columns once.
//!
//! A column that is missing, renamed or of another type is an error that names the query and the column. A user's own query
//! may answer more columns: they are kept in `more`, and templates and JSON get them too.

use std::collections::HashMap;

use anyhow::{Context, Result, anyhow};
use serde::{Deserialize, de::DeserializeOwned, de::IgnoredAny};

use super::{
    connection::Connection,
    file::SqlFile,
    query::{Parameters, each_row},
};

/// One row of a query.
pub trait Row: DeserializeOwned {
    const QUERY: SqlFile;
    /// As the query names them.
    const COLUMNS: &'static [&'static str];
}

/// A row about one of the windows that are computed together.
pub trait OfWindow: Row {
    fn window_id(&self) -> usize;
}

/// A row about a cluster of a window.
pub trait OfCluster: OfWindow {
    fn lead_id(&self) -> &str;
}

/// Makes the struct of a query's rows. `per window` and `per cluster` say whom a row is about; `with` are fields that no
/// query answers, filled in later.
macro_rules! row {
    ($(#[$meta:meta])* $name:ident of $query:literal per cluster { $($columns:tt)* } $($with:tt)*) => {
        $crate::sql::row::row! {
            $(#[$meta])* $name of $query per window { lead_id: String, $($columns)* } $($with)*
        }
        impl $crate::sql::row::OfCluster for $name {
            fn lead_id(&self) -> &str {
                &self.lead_id
            }
        }
    };
    ($(#[$meta:meta])* $name:ident of $query:literal per window { $($columns:tt)* } $($with:tt)*) => {
        $crate::sql::row::row! {
            $(#[$meta])* $name of $query {
                // says where the row belongs, and nothing to readers
                #[serde(default, skip_serializing)]
                window_id: usize,
                $($columns)*
            } $($with)*
        }
        impl $crate::sql::row::OfWindow for $name {
            fn window_id(&self) -> usize {
                self.window_id
            }
        }
    };
    (
        $(#[$meta:meta])*
        $name:ident of $query:literal { $($(#[$attribute:meta])* $column:ident: $type:ty,)* }
        $(with { $($(#[$with_attribute:meta])* $with:ident: $with_type:ty,)* })?
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
        pub struct $name {
            $($(#[$attribute])* pub $column: $type,)*
            $($(#[serde(default)] $(#[$with_attribute])* pub $with: $with_type,)*)?
            /// Columns that only a user's own query has.
            #[serde(flatten)]
            pub more: serde_json::Map<String, serde_json::Value>,
        }
        impl $crate::schema::Fields for $name {
            const NAME: &'static str = stringify!($name);

            fn fields(definitions: &mut $crate::schema::Definitions) -> Vec<$crate::schema::Field> {
                use $crate::schema::Field;
                vec![
                    $(Field::new::<$type>(stringify!($column), &[$(stringify!($attribute)),*], definitions),)*
                    $($(Field::new::<$with_type>(stringify!($with), &[$(stringify!($with_attribute)),*], definitions),)*)?
                ]
            }
        }
        impl $crate::sql::row::Row for $name {
            const QUERY: $crate::sql::file::SqlFile = $crate::sql::file::sql!($query);
            const COLUMNS: &'static [&'static str] = &[$(stringify!($column)),*];
        }
    };
}
pub(crate) use row;

/// The rows of the query that `T` stands for.
pub fn rows_as<T: Row>(connection: &Connection, values: &Parameters<'_>) -> Result<Vec<T>> {
    let mut rows = Vec::new();
    each_row(connection, &T::QUERY, values, |text| {
        if rows.is_empty() {
            check_columns::<T>(text)?;
        }
        rows.push(read::<T>(text)?);
        Ok(())
    })?;
    Ok(rows)
}

/// All columns are there: of one that may be null serde says nothing when it is missing.
fn check_columns<T: Row>(text: &str) -> Result<()> {
    let found: HashMap<String, IgnoredAny> = serde_json::from_str(text)?;
    let Some(missing) = T::COLUMNS.iter().find(|column| !found.contains_key(**column)) else { return Ok(()) };
    Err(anyhow!(
        "{}: no column `{missing}`\n\nhint: a query that replaces a built-in one must return all of its columns: {}",
        T::QUERY.path,
        T::COLUMNS.join(", ")
    ))
    .with_context(|| failed::<T>())
}

fn read<T: Row>(text: &str) -> Result<T> {
    serde_json::from_str(text)
        .map_err(|error| {
            let message = error.to_string();
            let message = message.split(" at line ").next().unwrap_or_default();
            let column = column_before(text, error.column());
            anyhow!("{}: column `{}`: {message}", T::QUERY.path, column.unwrap_or("?"))
        })
        .with_context(|| failed::<T>())
}

fn failed<T: Row>() -> String {
    format!("failed to read the rows of `{}`", T::QUERY.stem())
}

/// The key of the object whose value stands before this place of its text.
fn column_before(object: &str, place: usize) -> Option<&str> {
    let (mut depth, mut at, mut key) = (0_usize, 0, None);
    let bytes = object.as_bytes();
    while at < place.min(bytes.len()) {
        match bytes[at] {
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth = depth.saturating_sub(1),
            b'"' => {
                let start = at + 1;
                at = start;
                while at < bytes.len() && bytes[at] != b'"' {
                    at += if bytes[at] == b'\\' { 2 } else { 1 };
                }
                if depth == 1 && bytes.get(at + 1) == Some(&b':') {
                    key = object.get(start..at);
                }
            }
            _ => {}
        }
        at += 1;
    }
    key
}

/// A query with the columns that its struct names.
#[derive(Clone, Copy)]
pub struct Asked {
    pub file: SqlFile,
    pub columns: &'static [&'static str],
}

impl Asked {
    pub const fn of<T: Row>() -> Self {
        Asked { file: T::QUERY, columns: T::COLUMNS }
    }
}

/// A list of numbers that DuckDB may have put nulls into.
pub type Numbers = Vec<Option<i64>>;

/// What is always null: keys that documents have had from the start, without a value.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, Deserialize)]
pub struct Nothing;

crate::schema::described_as!({"type": "null"}: Nothing;);

#[cfg(test)]
#[allow(unreachable_pub, reason = "the macro makes structs for everybody")]
mod tests {
    use super::*;

    row! {
        /// Anything.
        Anything of "report/gaps" {
            name: String,
            count: Option<u64>,
        }
    }

    #[test]
    fn what_is_wrong_with_a_row_is_said_by_column() {
        let fails = |text: &str| {
            let error = check_columns::<Anything>(text).and_then(|()| read::<Anything>(text)).unwrap_err();
            format!("{error:#}").split('\n').next().unwrap().to_owned()
        };
        let head = "failed to read the rows of `gaps`: sql/report/gaps.sql: ";
        assert_eq!(fails(r#"{"name":"a","counts":1}"#), format!("{head}no column `count`"));
        assert_eq!(
            fails(r#"{"first":{"name":["}"]},"name":null,"count":1}"#),
            format!("{head}column `name`: invalid type: null, expected a string")
        );
        assert_eq!(
            fails(r#"{"name":"a\"b","count":-1}"#),
            format!("{head}column `count`: invalid value: integer `-1`, expected u64")
        );
    }

    #[test]
    fn more_columns_are_kept_in_their_order() {
        let text = r#"{"name":"a","count":null,"z":1,"b":"2"}"#;
        let row: Anything = read(text).unwrap();
        assert_eq!(serde_json::to_string(&row).unwrap(), text);
    }
}
