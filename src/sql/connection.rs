//! A connection to the database with the SQL that it runs: the user's texts stand in place of built-in ones.

use std::ops::Deref;

use super::file::SqlFile;
use crate::config::{Tracing, overrides::Overrides};

#[derive(Debug)]
pub struct Connection {
    inner: duckdb::Connection,
    overrides: Overrides,
    pub(super) tracing: Tracing,
}

impl Connection {
    pub fn new(inner: duckdb::Connection, overrides: Overrides, tracing: Tracing) -> Self {
        Connection { inner, overrides, tracing }
    }

    pub fn overrides(&self) -> &Overrides {
        &self.overrides
    }

    /// What is run for a file: the user's text, where there is one in its place.
    pub fn text_of(&self, file: &SqlFile) -> &str {
        self.overrides.instead_of(file.path).unwrap_or(file.text())
    }
}

/// With the built-in texts alone.
impl From<duckdb::Connection> for Connection {
    fn from(inner: duckdb::Connection) -> Self {
        Connection::new(inner, Overrides::default(), Tracing::default())
    }
}

impl Deref for Connection {
    type Target = duckdb::Connection;

    fn deref(&self) -> &Self::Target {
        &self.inner
    }
}
