//! Macros: what several queries mean by one word, and relations with parameters, for the commands and for people's own SQL.
//!
//! Most call functions that only `gardener` has, so they are made for each connection. What views need is stored in the
//! database, so that other programs can read them.

use anyhow::Result;
use duckdb::Connection;

use crate::sql::{
    file::{SqlFile, sql},
    query::{Source, located},
};

/// A macro's file with its parameters; each may use those before it.
struct Macro {
    file: SqlFile,
    parameters: &'static str,
    gives: &'static str,
    shares_steps: bool,
}

const fn on(file: SqlFile, parameters: &'static str) -> Macro {
    Macro { file, parameters, gives: "table ", shares_steps: false }
}

/// A relation that is made in steps: whatever it calls with its own parameters is computed once, however many of its
/// steps read it.
const fn in_steps(file: SqlFile, parameters: &'static str) -> Macro {
    Macro { shares_steps: true, ..on(file, parameters) }
}

/// One value instead of a relation.
const fn value_on(file: SqlFile, parameters: &'static str) -> Macro {
    Macro { file, parameters, gives: "", shares_steps: false }
}

/// What the views of the database call.
const STORED: &[Macro] = &[
    value_on(sql!("macros/values/effective_severity"), "severity, level, level_source, log_id"),
    value_on(sql!("macros/values/status_level"), "status"),
];

/// These read no tables.
const VALUES: &[Macro] = &[
    value_on(sql!("macros/values/is_in_window"), "span, service, revision, at_ns"),
    value_on(sql!("macros/values/touches_window"), "span, service, revision, first_ns, last_ns"),
    value_on(sql!("macros/values/is_in_span"), "span, service, revision, at_ns"),
    value_on(sql!("macros/values/is_on_side"), "side, service, revision, at_ns"),
    value_on(sql!("macros/values/named_user"), "field, message"),
    value_on(sql!("macros/values/pairs_of"), "text"),
    value_on(sql!("macros/values/is_graded"), "severity, log_id, resource_type, is_text"),
    value_on(sql!("macros/values/is_significant"), "p"),
    value_on(sql!("macros/values/direction_of"), "lower, upper"),
    value_on(sql!("macros/values/gate_verdict"), "ratio_lower, ratio_upper, may_be_worse, may_be_better"),
    value_on(sql!("macros/values/verdict_place"), "verdict"),
    value_on(sql!("macros/values/is_change"), "verdict"),
    value_on(sql!("macros/values/written_object"), "body"),
    value_on(sql!("macros/values/written_spec"), "object"),
    value_on(sql!("macros/values/failure_message"), "message"),
    value_on(sql!("macros/values/label_setting"), "key"),
    value_on(sql!("macros/values/shown_setting"), "setting, value"),
    value_on(sql!("macros/values/setting_change"), "before, after"),
    value_on(sql!("macros/values/deploying_tool"), "agent, caller"),
    value_on(sql!("macros/values/number_of_revision"), "revision"),
    value_on(
        sql!("macros/values/change_reason"),
        "verdict, severity, base_count, base_exposure, target_count, target_exposure, base_minutes, target_minutes, covered_minutes, \
         ratio_lower, ratio_upper, q, base_blanks, target_blanks",
    ),
];

/// These read the facts.
const TABLES: &[Macro] = &[
    on(sql!("macros/revision_sides"), "word, other"),
    on(sql!("macros/pair_sides"), "pairs"),
    on(sql!("macros/side_exposures"), "pairs"),
    on(sql!("macros/pairs_with_starts"), "pairs"),
    on(sql!("macros/pair_exposures"), "pairs"),
    on(sql!("macros/problem_bases"), "pairs"),
    on(sql!("macros/side_minutes"), "pairs, least_severity, subject"),
    on(sql!("macros/block_widths"), ""),
    on(sql!("macros/side_blocks"), "pairs, subject"),
    on(sql!("macros/pair_dispersions"), "pairs, least_severity, subject"),
    on(sql!("macros/pair_counts"), "pairs, least_severity, subject"),
    on(sql!("macros/daily_habits"), "pairs, least_severity, subject"),
    in_steps(sql!("macros/compare_pairs"), "pairs, least_severity, subject := 'pattern'"),
    on(sql!("macros/side_requests"), "pairs"),
    on(sql!("macros/compare_server_errors"), "pairs"),
    on(sql!("macros/side_latencies"), "pairs"),
    on(sql!("macros/side_quantiles"), "pairs"),
    on(sql!("macros/compare_latencies"), "pairs"),
    on(sql!("macros/compare_values"), "pairs"),
    on(sql!("macros/compare_settings"), "pairs"),
    on(
        sql!("macros/compare_revisions"),
        "base, target, only_service := null, least_severity := 'NOTICE', subject := 'pattern'",
    ),
    on(
        sql!("macros/compare_windows"),
        "base_from, base_to, target_from, target_to, only_service := null, least_severity := 'NOTICE', subject := 'pattern'",
    ),
];

/// Makes the macros on a connection whose facts are built.
pub fn register(connection: &Connection) -> Result<()> {
    register_values(connection)?;
    register_tables(connection)
}

/// The same where a text calls one of them or asks which there are: most queries do neither, and parsing all macros takes
/// longer than answering a small query.
pub fn register_for(connection: &Connection, sql: &str) -> Result<()> {
    let names = || [VALUES, TABLES].into_iter().flatten().map(|known| known.file.stem());
    let text = sql.to_ascii_lowercase();
    if names().chain(["functions"]).any(|name| text.contains(name)) { register(connection) } else { Ok(()) }
}

/// Makes those that read the facts, once the others are there.
pub fn register_tables(connection: &Connection) -> Result<()> {
    make(connection, "temp macro", TABLES)
}

/// Makes those that facts and marts call too.
pub fn register_values(connection: &Connection) -> Result<()> {
    make(connection, "temp macro", VALUES)
}

/// Puts into the database what its views call; loading and building do.
pub fn store(connection: &Connection) -> Result<()> {
    make(connection, "macro", STORED)
}

/// Makes the relations of which steps are shared once more, each calling its steps as they stand: for tests that put
/// tables in the place of some.
pub fn register_apart(connection: &Connection) -> Result<()> {
    TABLES
        .iter()
        .filter(|known| known.shares_steps)
        .try_for_each(|known| make_one(connection, "temp macro", known, known.file.text()))
}

fn make(connection: &Connection, kind: &str, macros: &[Macro]) -> Result<()> {
    macros.iter().try_for_each(|known| match known.shares_steps {
        true => make_one(connection, kind, known, &steps(known, macros)),
        false => make_one(connection, kind, known, known.file.text()),
    })
}

fn make_one(connection: &Connection, kind: &str, known: &Macro, text: &str) -> Result<()> {
    let Macro { file, parameters, gives, .. } = known;
    connection
        .execute_batch(&format!("create or replace {kind} {}({parameters}) as {gives}{text}", file.stem()))
        .map_err(|error| located(Source { path: file.path, text }, &error))
}

/// The text of a macro in which those that it calls, itself or by others, are named once before it.
fn steps(known: &Macro, among: &[Macro]) -> String {
    let before = among.iter().take_while(|other| other.file.path != known.file.path);
    let mut text = known.file.text().to_owned();
    let mut named = Vec::new();
    for step in before.collect::<Vec<_>>().into_iter().rev() {
        let name = step.file.stem();
        let call = format!("{name}({})", step.parameters);
        if named.iter().chain([&text]).any(|reader| reader.contains(&call)) {
            for reader in named.iter_mut().chain([&mut text]) {
                *reader = reader.replace(&call, name);
            }
            named.push(format!("{name} as (\n{}\n)", step.file.text()));
        }
    }
    named.reverse();
    if named.is_empty() { text } else { format!("with\n\n{}\n\nfrom (\n{text}\n)", named.join(",\n\n")) }
}

/// What building depends on.
pub fn texts() -> impl Iterator<Item = &'static str> {
    files().map(|file| file.text())
}

pub fn files() -> impl Iterator<Item = &'static SqlFile> {
    [STORED, VALUES, TABLES].into_iter().flatten().map(|known| &known.file)
}
