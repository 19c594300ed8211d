//! `gardener rules check`: reads the rules, and says which matches what in the database.

use std::process::ExitCode;

use anyhow::Result;

use super::configuration;
use crate::{
    archive::{self, redactor},
    cli::{Globals, RulesArgs, RulesCommand},
    report::document::{lists::ListedRuleRow, redacted},
    sql::row::rows_as,
    text::{
        escape::one_line,
        list::{self, Column, ListFormat, cut, number, rest, spare, tinted},
        terminal::say,
        words::{plural, thousands},
    },
};

const COLUMNS: [Column<ListedRuleRow>; 7] = [
    cut("rule", |row| one_line(&row.rule_id, 40)),
    spare("from", |row| one_line(&row.source, 20)),
    tinted("prio", |row| one_line(row.priority.as_deref().unwrap_or_default(), 2)),
    number("patterns", |row| thousands(row.pattern_count)),
    number("entries", |row| thousands(row.entry_count)),
    number("named", |row| thousands(row.told_count)),
    rest("commonest match", |row| one_line(row.template.as_deref().unwrap_or_default(), 100)),
];

pub(super) fn run(args: &RulesArgs, globals: &Globals) -> Result<ExitCode> {
    let quiet = globals.quiet;
    let RulesCommand::Check { database, config, format, csv } = &args.command;
    let config = configuration(config, globals)?;
    let own = config.rules.rules.iter().filter(|rule| rule.source != "built-in").count() as u64;
    say(
        quiet,
        &format!("{} of yours and {} built-in: no errors", plural(own, "rule"), config.rules.rules.len() as u64 - own),
    );
    if !database.db.is_file() {
        say(quiet, &format!("no database at `{}`, so the rules were not matched", database.db.display()));
        return Ok(ExitCode::SUCCESS);
    }
    let connection = archive::open(&database.db, database.memory.as_deref(), &config)?;
    archive::build(&connection, &config, quiet)?;
    let rows = rows_as::<ListedRuleRow>(&connection, &[])?;
    let rows = redacted(&rows, &redactor(&connection, &config)?)?;
    // those built in that match nothing are none of anybody's business in a table
    let is_shown =
        |row: &&ListedRuleRow| *format != ListFormat::Table || row.source != "built-in" || row.pattern_count != 0;
    let shown: Vec<ListedRuleRow> = rows.iter().filter(is_shown).cloned().collect();
    list::print(&shown, &COLUMNS, format.guarded(csv.csv_safe))?;
    let idle = rows.iter().filter(|row| row.source != "built-in" && row.pattern_count == 0).count() as u64;
    if idle > 0 {
        say(quiet, &format!("{} of yours matched no pattern of NOTICE and above", plural(idle, "rule")));
    }
    Ok(ExitCode::SUCCESS)
}
