//! `gardener rules check`: reads the rules, and says which matches what in the database.

use std::process::ExitCode;

use anyhow::Result;
use serde_json::Value;

use super::configuration;
use crate::{
    archive::{self, redactor},
    cli::{Globals, RulesArgs, RulesCommand},
    report::filters::count,
    sql::{
        file::{SqlFile, sql},
        query,
    },
    text::{
        list::{self, Column, ListFormat, cut, number, rest, spare, text, tinted},
        terminal::say,
        words::plural,
    },
};

const RULES: SqlFile = sql!("show/rules");

const COLUMNS: [Column; 7] = [
    cut("rule", |row| text(row, "rule_id", 40)),
    spare("from", |row| text(row, "source", 20)),
    tinted("prio", |row| text(row, "priority", 2)),
    number("patterns", |row| count(&row["pattern_count"])),
    number("entries", |row| count(&row["entry_count"])),
    number("named", |row| count(&row["told_count"])),
    rest("commonest match", |row| text(row, "template", 100)),
];

pub fn run(args: &RulesArgs, globals: &Globals) -> Result<ExitCode> {
    let quiet = globals.quiet;
    let RulesCommand::Check { database, config, format } = &args.command;
    let config = configuration(config, globals)?;
    let own = config.rules.rules.iter().filter(|rule| rule.source != "built-in").count() as u64;
    say(
        quiet,
        &format!(
            "{} of yours and {} built-in read without a fault",
            plural(own, "rule"),
            config.rules.rules.len() as u64 - own
        ),
    );
    if !database.db.is_file() {
        say(quiet, &format!("no database at `{}` to match them against", database.db.display()));
        return Ok(ExitCode::SUCCESS);
    }
    let connection = archive::open(&database.db, database.memory.as_deref(), &config)?;
    archive::build(&connection, &config, quiet)?;
    let mut rows = Value::Array(query::rows(&connection, &RULES, &[])?);
    redactor(&connection, &config)?.json(&mut rows);
    let rows = rows.as_array().map_or(&[][..], Vec::as_slice);
    // those built in that match nothing are none of anybody's business in a table
    let is_shown =
        |row: &&Value| *format != ListFormat::Table || row["source"] != "built-in" || row["pattern_count"] != 0;
    let shown: Vec<Value> = rows.iter().filter(is_shown).cloned().collect();
    list::print(&shown, &COLUMNS, *format)?;
    let idle = rows.iter().filter(|row| row["source"] != "built-in" && row["pattern_count"] == 0).count() as u64;
    if idle > 0 {
        say(quiet, &format!("{} of yours matched no pattern of NOTICE and above", plural(idle, "rule")));
    }
    Ok(ExitCode::SUCCESS)
}
