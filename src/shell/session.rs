//! What an open shell holds, and what it does with what is typed.

use std::{
    io::Write,
    path::{Path, PathBuf},
    sync::PoisonError,
    time::{Duration, Instant},
};

use anyhow::Result;
use duckdb::Connection;

use super::{Known, Options, Words, dot_commands, interrupt::Interrupts, prompt::is_command};
use crate::{
    sql::{
        answers,
        catalog::Catalog,
        formats::RowFormat,
        hints, library,
        output::Fit,
        params::{Given, Values},
        sandbox,
        statements::{Statement, split},
    },
    text::{terminal, words::plural},
};

pub(crate) struct Session {
    pub connection: Connection,
    pub db: PathBuf,
    memory: Option<String>,
    pub folder: PathBuf,
    pub format: RowFormat,
    pub has_timer: bool,
    given: Vec<(String, String)>,
    is_unsafe: bool,
    known: Known,
    interrupts: Interrupts,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Turn {
    Next,
    Quit,
}

/// A database for any query.
fn opened(path: &Path, memory: Option<&str>, is_unsafe: bool) -> Result<Connection> {
    let connection = sandbox::open(path, memory, is_unsafe, None)?;
    sandbox::make_macros(&connection, None)?;
    Ok(connection)
}

impl Session {
    pub(crate) fn open(options: Options, known: Known) -> Result<Self> {
        let session = Self {
            connection: opened(&options.db, options.memory.as_deref(), options.is_unsafe)?,
            db: options.db,
            memory: options.memory,
            folder: options.folder,
            format: options.format.filter(|format| *format != RowFormat::Parquet).unwrap_or(RowFormat::Table),
            has_timer: true,
            given: options.given,
            is_unsafe: options.is_unsafe,
            known,
            interrupts: Interrupts::watch()?,
        };
        session.learn()?;
        Ok(session)
    }

    pub(crate) fn greeting(&self) -> String {
        let how = if self.is_unsafe { "for reading and writing" } else { "for reading" };
        format!(
            "`{}`, open {how}. A query ends with `;`, Tab completes, `.tables` lists tables, `.help` lists commands.",
            self.db.display()
        )
    }

    /// Another database in place of this one, which stays if the other cannot be opened.
    pub(crate) fn reopen(&mut self, path: &Path) -> Result<()> {
        let memory = self.memory.as_deref();
        // of one file two connections that write would not know of each other
        let there = opened(path, memory, false)?;
        drop(std::mem::replace(&mut self.connection, there));
        if self.is_unsafe {
            drop(std::mem::replace(&mut self.connection, Connection::open_in_memory()?));
            self.connection = opened(path, memory, true)?;
        }
        self.db = path.to_owned();
        self.learn()
    }

    /// What completion knows, anew.
    fn learn(&self) -> Result<()> {
        let catalog = Catalog::read(&self.connection)?;
        let queries = library::all(&self.folder)?.into_iter().map(|query| query.name).collect();
        *self.known.write().unwrap_or_else(PoisonError::into_inner) = Words { catalog, queries };
        Ok(())
    }

    pub(crate) fn catalog(&self) -> Catalog {
        self.known.read().unwrap_or_else(PoisonError::into_inner).catalog.clone()
    }

    /// Runs what was typed: a dot command, or statements one after the other.
    pub(crate) fn take(&mut self, input: &str) -> Result<Turn> {
        let input = input.trim();
        if is_command(input) {
            return dot_commands::run(self, input.trim_start_matches('.').trim_end_matches(';'));
        }
        self.answer(input, &Given::on_command_line(&self.given_for(input)))?;
        Ok(Turn::Next)
    }

    /// The values of the command line that a query names.
    fn given_for(&self, sql: &str) -> Vec<(String, String)> {
        let names: Vec<String> = split(sql).iter().flat_map(Statement::parameters).collect();
        let is_named = |(name, _): &&(String, String)| names.iter().any(|known| known.eq_ignore_ascii_case(name));
        self.given.iter().filter(is_named).cloned().collect()
    }

    /// Answers each statement of a text; the first that fails is the last that is run.
    pub(crate) fn answer(&self, sql: &str, given: &Given<'_>) -> Result<()> {
        let statements = split(sql);
        let answered = self.interrupts.during(&self.connection, || {
            let values = Values::of(&self.connection, sql, &statements, given)?;
            statements.iter().try_for_each(|statement| {
                let start = Instant::now();
                let mut out = anstream::stdout().lock();
                let fit = Fit::stdout("`.format csv`");
                let count = answers::answer(&self.connection, statement, &values, self.format, fit, &mut out)?;
                out.flush()?;
                self.tell_time(count, start.elapsed());
                Ok(())
            })
        });
        let answered = hints::with_hint(&self.connection, answered);
        if statements.iter().any(|statement| CHANGING.contains(&statement.verb().as_str())) {
            self.learn()?;
        }
        sandbox::explained(&self.connection, answered)
    }

    fn tell_time(&self, count: usize, took: Duration) {
        if self.has_timer {
            anstream::eprintln!("{}", terminal::dim(&format!("{}, {}", plural(count as u64, "row"), duration(took))));
        }
    }
}

/// Statements that may change which relations there are.
const CHANGING: [&str; 6] = ["create", "drop", "alter", "attach", "detach", "use"];

fn duration(took: Duration) -> String {
    let seconds = took.as_secs_f64();
    if seconds < 1.0 { format!("{:.1} ms", seconds * 1e3) } else { format!("{seconds:.2} s") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store;

    fn session(folder: &Path) -> Session {
        let path = folder.join("a.duckdb");
        store::open(&path, None).unwrap();
        let options = Options {
            db: path,
            memory: None,
            folder: "queries".into(),
            format: None,
            given: vec![("day".into(), "2025-09-14".into())],
            is_unsafe: false,
        };
        Session::open(options, Known::default()).unwrap()
    }

    #[test]
    fn a_shell_goes_on_after_errors_and_ends_when_it_is_told_to() {
        let folder = tempfile::TempDir::new().unwrap();
        let mut session = session(folder.path());
        let said = |error: anyhow::Error| format!("{error:#}");
        assert!(said(session.take("select 1; select nothing;").unwrap_err()).contains("\"nothing\""));
        assert_eq!(session.take("select $day as day;").unwrap(), Turn::Next);
        assert!(said(session.take("create table theirs (x int);").unwrap_err()).contains("may change files"));
        for line in [".describe files", ".tables", ".tables all", ".queries", ".help", "help", ".d files"] {
            assert_eq!(session.take(line).unwrap(), Turn::Next, "{line}");
        }
        for line in [".quit", ".exit", "exit", "quit;", "QUIT"] {
            assert_eq!(session.take(line).unwrap(), Turn::Quit, "{line}");
        }
    }

    #[test]
    fn formats_timer_and_database_can_be_changed() {
        let folder = tempfile::TempDir::new().unwrap();
        let mut session = session(folder.path());
        session.take(".format ndjson").unwrap();
        session.take(".timer off").unwrap();
        assert_eq!((session.format, session.has_timer), (RowFormat::Ndjson, false));
        for line in
            [".format parquet", ".format exel", ".timer maybe", ".frmat csv", ".open missing.duckdb", ".run nothing"]
        {
            assert!(session.take(line).is_err(), "{line}");
        }
        assert!(session.db.ends_with("a.duckdb"));
        let other = folder.path().join("b.duckdb");
        store::open(&other, None).unwrap();
        session.take(&format!(".open '{}'", other.display())).unwrap();
        assert_eq!(session.db, other);
    }

    #[test]
    fn a_shell_runs_only_what_reads() {
        let folder = tempfile::TempDir::new().unwrap();
        let mut session = session(folder.path());
        let (database, out) = (folder.path().join("a.duckdb"), folder.path().join("out.csv"));
        let before = std::fs::read(&database).unwrap();
        let saved = folder.path().join("saved.sql");
        std::fs::write(&saved, format!("copy (select 1) to '{}'", out.display())).unwrap();
        for line in [
            format!("copy (select 'x') to '{}' (format csv, use_tmp_file false);", database.display()),
            format!("with a as (copy (select 1) to '{}') from a;", out.display()),
            format!("select 1; copy (select 1) to '{}';", out.display()),
            format!(".read {}", saved.display()),
            format!(".run {}", saved.display()),
            format!("from '{}';", saved.display()),
            "delete from files;".into(),
            "create temp table a as select 1;".into(),
            "set enable_external_access = true;".into(),
            "pragma version;".into(),
            "attach ':memory:' as a;".into(),
            "connect;".into(),
            "begin;".into(),
            "prepare a as select 1;".into(),
            "load json;".into(),
        ] {
            assert!(session.take(&line).is_err(), "{line}");
        }
        assert!(!out.exists());
        assert_eq!(std::fs::read(&database).unwrap(), before);
    }
}
