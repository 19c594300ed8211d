//! Tests of the program as a whole, in one binary so that DuckDB is linked once.

#![expect(clippy::unwrap_used, reason = "in a test a panic reports a fault")]

mod around;
mod causes;
mod commands;
mod comparison;
mod deployments;
mod ended;
mod engines;
mod entries;
mod errors;
mod exports;
mod faults;
mod grains;
mod growth;
mod hostile;
mod incident;
mod issues;
mod kills;
#[cfg(feature = "mcp")]
mod mcp;
mod models;
mod odd;
mod pages;
mod patterns;
mod pictures;
mod problems;
mod properties;
mod queries;
mod real_exports;
mod repository;
mod rooms;
mod sandbox;
mod schema;
mod seed;
mod settings;
mod sides;
mod sql;
mod steering;
mod strange;
mod support;
mod traces;
mod unusual;
mod weeks;
mod yard;
