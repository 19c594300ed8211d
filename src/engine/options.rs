//! What the user says of an engine and of what it should count.

use crate::time::period::instant;

/// The most distinct messages that are taken from an engine, unless more are asked for.
pub const MESSAGES: u64 = 200_000;
/// The most whole entries that are fetched.
pub const FETCHED: u64 = 5_000_000;
/// What one query may read in BigQuery: about 0.60 USD at list price.
pub const BILLED_BYTES: u64 = 100 << 30;

#[derive(Debug, Clone, Default)]
pub struct Options {
    pub sources: Vec<String>,
    /// Where the server listens.
    pub url: Option<String>,
    pub token: Option<String>,
    pub user: Option<String>,
    pub password: Option<String>,
    /// The project that pays for queries.
    pub project: Option<String>,
    pub location: Option<String>,
    pub max_bytes_billed: u64,
    pub from_ns: Option<i64>,
    pub to_ns: Option<i64>,
    pub messages: u64,
    pub fetched: u64,
}

impl Options {
    /// The window in words, for what follows a source's name.
    pub fn in_window(&self) -> String {
        let bound = |word: &str, ns: Option<i64>| ns.map(|ns| format!(" {word} {}", instant(ns))).unwrap_or_default();
        bound("from", self.from_ns) + &bound("to", self.to_ns)
    }
}
