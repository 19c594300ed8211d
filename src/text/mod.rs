//! Text for people: escaping, redaction, words for counts, the terminal, tables and CSV.

pub mod csv;
pub mod errors;
pub mod escape;
pub mod files;
pub mod list;
pub mod redact;
pub mod sparkline;
pub mod table;
pub mod terminal;
pub mod within;
pub mod words;
