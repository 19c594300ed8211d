//! What a query can name: relations with their columns, macros and functions; for completion, hints and `.tables`.

use anyhow::Result;
use duckdb::Connection;

use crate::model;

#[derive(Debug, Clone, Default)]
pub struct Catalog {
    /// By name.
    pub relations: Vec<Relation>,
    pub functions: Vec<Function>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Relation {
    pub name: String,
    pub comment: Option<String>,
    pub columns: Vec<Column>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Column {
    pub name: String,
    pub kind: String,
    pub comment: Option<String>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Function {
    pub name: String,
    pub parameters: String,
    pub kind: FunctionKind,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum FunctionKind {
    /// DuckDB's own, and gardener's that are no macros.
    #[default]
    BuiltIn,
    Macro,
    /// Stands where a table does.
    TableMacro,
}

/// The relations and macros that people ask most.
pub const FIRST: [&str; 16] = [
    "entries",
    "patterns",
    "pattern_minutes",
    "revision_minutes",
    "revisions",
    "incidents",
    "pattern_links",
    "coverage",
    "files",
    "rejects",
    "revision_changes",
    "clusters",
    "samples",
    "worklogs",
    "compare_revisions",
    "compare_windows",
];

const COLUMNS: &str = "select c.table_name, c.column_name, c.data_type, c.comment, coalesce(t.comment, v.comment)
from duckdb_columns() as c
left join duckdb_tables() as t on c.table_oid = t.table_oid and c.database_oid = t.database_oid and c.schema_oid = t.schema_oid
left join duckdb_views() as v on c.table_oid = v.view_oid and c.database_oid = v.database_oid and c.schema_oid = v.schema_oid
where not c.internal
order by c.table_name, c.database_name, c.column_index";

const FUNCTIONS: &str = "select
    function_name,
    any_value(array_to_string(parameters, ', ')),
    max(case when internal then 0 when function_type = 'table_macro' then 2 when function_type = 'macro' then 1 else 0 end)
from duckdb_functions()
where regexp_full_match(function_name, '[a-z][a-z0-9_]*') and function_type <> 'pragma' and function_name <> 'answer'
group by function_name
order by function_name";

impl Catalog {
    pub fn read(connection: &Connection) -> Result<Self> {
        let mut catalog = Self::default();
        let mut statement = connection.prepare(COLUMNS)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let name: String = row.get(0)?;
            let column = Column { name: row.get(1)?, kind: short_kind(row.get(2)?), comment: row.get(3)? };
            match catalog.relations.last_mut().filter(|last| last.name == name) {
                Some(relation) => relation.columns.push(column),
                None => catalog.relations.push(Relation { name, comment: row.get(4)?, columns: vec![column] }),
            }
        }
        let mut statement = connection.prepare(FUNCTIONS)?;
        let functions = statement.query_map([], |row| {
            let kind = match row.get(2)? {
                2 => FunctionKind::TableMacro,
                1 => FunctionKind::Macro,
                _ => FunctionKind::BuiltIn,
            };
            Ok(Function { name: row.get(0)?, parameters: row.get::<_, Option<String>>(1)?.unwrap_or_default(), kind })
        })?;
        catalog.functions = functions.collect::<duckdb::Result<_>>()?;
        Ok(catalog)
    }

    pub fn relation(&self, name: &str) -> Option<&Relation> {
        self.relations.iter().find(|relation| relation.name.eq_ignore_ascii_case(name))
    }

    pub fn function(&self, name: &str) -> Option<&Function> {
        self.functions.iter().find(|function| function.name.eq_ignore_ascii_case(name))
    }

    pub fn table_macros(&self) -> impl Iterator<Item = &Function> {
        self.functions.iter().filter(|function| function.kind == FunctionKind::TableMacro)
    }

    /// What can stand behind `from`.
    pub fn sources(&self) -> impl Iterator<Item = &str> {
        let relations = self.relations.iter().map(|relation| relation.name.as_str());
        relations.chain(self.table_macros().map(|function| function.name.as_str()))
    }

    /// The relations that have a column of this name, those that people ask most before the others.
    pub fn with_column(&self, name: &str) -> Vec<&str> {
        let has = |relation: &&Relation| relation.columns.iter().any(|column| column.name.eq_ignore_ascii_case(name));
        let mut names: Vec<&str> = self.relations.iter().filter(has).map(|relation| relation.name.as_str()).collect();
        names.sort_by_key(|name| FIRST.iter().position(|first| first == name).unwrap_or(FIRST.len()));
        names
    }
}

/// What a relation or macro holds: its comment in the database, else that of the file it is made by.
pub fn about(name: &str, comment: Option<&str>) -> Option<String> {
    comment.map(str::to_owned).or_else(|| model::file_of(name).map(|file| file.header()))
}

/// The many severities are no help in a list of types.
fn short_kind(kind: String) -> String {
    if kind.starts_with("ENUM('DEFAULT'") { "severity_name".into() } else { kind }
}
