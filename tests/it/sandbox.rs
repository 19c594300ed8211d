//! Queries without `--unsafe`: every kind of statement that DuckDB parses, and every function that it has. The database's
//! bytes stay, no file is made, and none is read.
//!
//! Kinds: `StatementType` and the rule `Statement` of DuckDB's grammar, version 2.0.

use std::{collections::BTreeSet, path::Path, sync::LazyLock};

use arrow::{array::RecordBatch, util::display::array_value_to_string};
use duckdb::Connection;
use log_gardener::sql::{
    allowed::{check_model, check_text},
    answers,
    formats::RowFormat,
    output::Target,
    sandbox,
};
use xxhash_rust::xxh3::xxh3_128;

use super::support::{Garden, text};

/// Kind, statement, whether it runs. `DIR` is the folder of the database, where `secret.csv` lies.
const STATEMENTS: [(&str, &str, bool); 104] = [
    ("SELECT", "select count(*) from entries", true),
    ("SELECT", "from files", true),
    ("SELECT", "values (1), (2)", true),
    ("SELECT", "table files", true),
    ("SELECT", "with a as (select 1) from a", true),
    ("SELECT", "with recursive t(n) as (values (1) union all select n + 1 from t where n < 3) from t", true),
    ("SELECT", "(select 1) union all (select 2)", true),
    ("SELECT", "from (show tables)", true),
    ("SELECT", "from 'DIR/secret.csv'", false),
    ("SELECT", "from 'https://example.com/a.csv'", false),
    ("SELECT", "with a as (copy (select 1) to 'DIR/out.csv') from a", false),
    ("SELECT", "with a as (insert into files (file_id) values (9) returning *) from a", false),
    ("SELECT", "with a as (update files set path = 'x' returning *) from a", false),
    ("SELECT", "with a as (delete from files returning *) from a", false),
    ("SELECT", "select 1 into x", false),
    ("SELECT", "select * from json_execute_serialized_sql(json_serialize_sql('select 1'))", false),
    ("DESCRIBE", "describe files", true),
    ("DESCRIBE", "describe select 1", true),
    ("DESCRIBE", "show tables", true),
    ("DESCRIBE", "show all tables", true),
    ("DESCRIBE", "summarize files", true),
    ("PIVOT", "pivot files on form using count(*)", true),
    ("PIVOT", "unpivot (select 1 as a, 2 as b) on a, b", true),
    ("PIVOT", "pivot (with a as (copy (select 1) to 'DIR/out.csv') from a) on b", false),
    ("EXPLAIN", "explain select 1", true),
    ("EXPLAIN", "explain analyze select 1", true),
    ("EXPLAIN", "explain (format json) select 1", true),
    ("EXPLAIN", "explain copy (select 1) to 'DIR/out.csv'", false),
    ("EXPLAIN", "explain analyze copy (select 1) to 'DIR/out.csv'", false),
    ("EXPLAIN", "explain analyze with a as (copy (select 1) to 'DIR/out.csv') from a", false),
    ("INSERT", "insert into files (file_id) values (9)", false),
    ("UPDATE", "update files set path = 'x'", false),
    ("DELETE", "delete from files", false),
    ("DELETE", "truncate files", false),
    ("MERGE", "merge into files using (select 9 as file_id) as b using (file_id) when matched then delete", false),
    ("CREATE", "create table a (b int)", false),
    ("CREATE", "create temp table a as select 1", false),
    ("CREATE", "create or replace view entries as select 1", false),
    ("CREATE", "create schema a", false),
    ("CREATE", "create index a on files (path)", false),
    ("CREATE", "create sequence a", false),
    ("CREATE", "create type a as enum ('b')", false),
    ("CREATE", "create trigger a after insert on files for each statement delete from rejects", false),
    ("CREATE_FUNC", "create macro f() as 1", false),
    ("CREATE_FUNC", "create function f() as table select 1", false),
    ("CREATE", "create secret a (type s3)", false),
    ("CREATE", "create persistent secret a (type http, bearer_token 'x')", false),
    ("ALTER", "alter table files add column b int", false),
    ("ALTER", "alter view entries rename to b", false),
    ("ALTER", "comment on table files is 'a'", false),
    ("DROP", "drop table files", false),
    ("DROP", "drop view entries", false),
    ("DROP", "drop secret a", false),
    ("TRANSACTION", "begin", false),
    ("TRANSACTION", "commit", false),
    ("TRANSACTION", "rollback", false),
    ("COPY", "copy files to 'DIR/out.csv'", false),
    ("COPY", "copy (select 'x') to 'DIR/garden.duckdb' (format csv, use_tmp_file false)", false),
    ("COPY", "copy (select 'x') to 'DIR/garden.duckdb.wal'", false),
    ("COPY", "copy (select 'x') to 'DIR/out.parquet' (format parquet)", false),
    ("COPY", "copy files from 'DIR/secret.csv'", false),
    ("COPY_DATABASE", "copy from database garden to memory", false),
    ("EXPORT", "export database 'DIR/out'", false),
    ("EXPORT", "export database 'DIR/garden.duckdb.tmp'", false),
    ("EXPORT", "import database 'DIR'", false),
    ("ATTACH", "attach 'DIR/other.duckdb' as other", false),
    ("ATTACH", "attach ':memory:' as other", false),
    ("DETACH", "detach garden", false),
    ("USE", "use memory", false),
    ("SET", "set enable_external_access = true", false),
    ("SET", "set allowed_paths = ['/']", false),
    ("SET", "set threads = 1", false),
    ("SET", "set time zone 'UTC'", false),
    ("SET", "set schema 'main'", false),
    ("VARIABLE_SET", "set variable a = 1", false),
    ("SET", "reset threads", false),
    ("SET", "reset variable a", false),
    ("PRAGMA", "pragma version", false),
    ("PRAGMA", "pragma database_list", false),
    ("PRAGMA", "pragma enable_profiling = 'json'", false),
    ("PRAGMA", "pragma import_database('DIR')", false),
    ("CALL", "call pragma_version()", false),
    ("CALL", "call checkpoint()", false),
    ("VACUUM", "vacuum", false),
    ("ANALYZE", "analyze", false),
    ("CHECKPOINT", "checkpoint", false),
    ("CHECKPOINT", "force checkpoint", false),
    ("PREPARE", "prepare a as select 1", false),
    ("EXECUTE", "execute a", false),
    ("DROP", "deallocate a", false),
    ("LOAD", "load json", false),
    ("LOAD", "load 'DIR/secret.csv'", false),
    ("LOAD", "install httpfs", false),
    ("LOAD", "force install httpfs from community", false),
    ("UPDATE_EXTENSIONS", "update extensions", false),
    ("CONNECT", "connect to external resource a", false),
    ("DISCONNECT", "disconnect", false),
    ("EXTERNAL_RESOURCE", "create external resource 'a'", false),
    ("EXTERNAL_RESOURCE", "register external resource 'a' from 1", false),
    ("EXTERNAL_RESOURCE", "destroy external resource a", false),
    ("EXTERNAL_RESOURCE", "show external resources", false),
    ("EXTERNAL_RESOURCE", "attach to external resource a as b", false),
    ("MULTI", "select 1; copy (select 1) to 'DIR/out.csv'", false),
    ("MULTI", "delete from files; select 1", false),
];

/// In the file that must not be read.
const PLANTED: &str = "planted_4711";

struct Sandbox {
    garden: Garden,
    connection: Connection,
    before: BTreeSet<(String, u128)>,
}

/// What is in a folder: names and bytes.
fn files(folder: &Path) -> BTreeSet<(String, u128)> {
    let hash = |path: &Path| if path.is_dir() { 0 } else { xxh3_128(&std::fs::read(path).unwrap()) };
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.map(|path| (path.display().to_string(), hash(&path))).collect()
}

impl Sandbox {
    fn new() -> Self {
        let garden = Garden::of(&["incident.json"], &[]);
        garden.write("secret.csv", format!("a\n{PLANTED}\n"));
        let connection = sandbox::open(&garden.path("garden.duckdb"), None, false, None).unwrap();
        let before = files(&garden.path(""));
        Self { garden, connection, before }
    }

    fn place(&self, sql: &str) -> String {
        sql.replace("DIR", self.garden.path("").display().to_string().trim_end_matches('/'))
    }

    /// What is answered or said, and whether it is an answer.
    fn ask(&self, sql: &str) -> (bool, String) {
        static SCRATCH: LazyLock<tempfile::TempDir> = LazyLock::new(|| tempfile::tempdir().unwrap());
        let path = SCRATCH.path().join("answer.csv");
        let mut target = Target::of(Some(&path)).unwrap();
        let answered = answers::run(&self.connection, sql, &[], RowFormat::Csv, &mut target);
        match answered {
            Ok(()) => {
                target.finish().unwrap();
                (true, String::from_utf8_lossy(&std::fs::read(&path).unwrap()).into_owned())
            }
            Err(error) => (false, format!("{error:#}")),
        }
    }

    /// The same without what is written around an answer: thousands of queries are asked.
    fn look(&self, sql: &str) -> (bool, String) {
        let look = || -> anyhow::Result<String> {
            check_text(&self.connection, sql)?;
            let mut statement = self.connection.prepare(sql)?;
            let batches: Vec<RecordBatch> = statement.query_arrow([])?.collect();
            let mut shown = String::new();
            for batch in &batches {
                for column in batch.columns() {
                    for row in 0..batch.num_rows() {
                        shown += &array_value_to_string(column, row)?;
                    }
                }
            }
            Ok(shown)
        };
        match look() {
            Ok(rows) => (true, rows),
            Err(error) => (false, format!("{error:#}")),
        }
    }

    fn is_untouched(&self, by: &str) {
        assert_eq!(files(&self.garden.path("")), self.before, "{by}");
    }

    fn names(&self, kinds: &str) -> Vec<String> {
        let sql = format!(
            "select distinct function_name from duckdb_functions() where function_type in ({kinds}) order by all"
        );
        let mut statement = self.connection.prepare(&sql).unwrap();
        let names = statement.query_map([], |row| row.get(0)).unwrap();
        names.collect::<Result<_, _>>().unwrap()
    }
}

#[test]
fn only_statements_that_read_run() {
    let sandbox = Sandbox::new();
    for (kind, sql, runs) in STATEMENTS {
        let sql = sandbox.place(sql);
        let (is_answer, said) = sandbox.ask(&sql);
        assert_eq!(is_answer, runs, "{kind}: {sql}: {said}");
        assert!(!said.contains(PLANTED), "{kind}: {sql}: {said}");
        sandbox.is_untouched(&sql);
        // in a query of several, as the default of a parameter, and as a model
        for sql in [format!("select 1; {sql}"), format!("{sql}; select 1")] {
            assert_eq!(sandbox.ask(&sql).0, runs, "{sql}");
        }
        for default in [format!("({sql})"), format!("1)::varchar; {sql}; select (1")] {
            let (is_answer, said) = sandbox.ask(&format!("-- param x = {default}: any\nselect $x"));
            assert!(!is_answer || runs, "{default}: {said}");
        }
        let is_refused = check_text(&sandbox.connection, &sql).is_err();
        assert_eq!(check_model(&sandbox.connection, "own.sql", &sql).is_err(), is_refused, "{sql}");
        assert!(
            runs || is_refused || sql.starts_with("from '") || sql.contains(" into x"),
            "{sql}: refused as a model"
        );
        sandbox.is_untouched(&sql);
    }
}

/// Each function with nothing, with the path of a file, and with it in a list. What DuckDB adds is tried without a line here.
#[test]
fn no_function_reads_or_writes_a_file() {
    let sandbox = Sandbox::new();
    let (path, new) = (sandbox.place("'DIR/secret.csv'"), sandbox.place("'DIR/new.csv'"));
    let (tables, scalars) = (sandbox.names("'table', 'table_macro'"), sandbox.names("'scalar', 'macro', 'aggregate'"));
    let of_files = [
        "read_csv",
        "read_json",
        "read_parquet",
        "read_text",
        "read_blob",
        "read_duckdb",
        "glob",
        "sniff_csv",
        "parquet_metadata",
    ];
    assert!(of_files.iter().all(|name| tables.iter().any(|known| known == name)), "{tables:?}");
    assert!(tables.len() > 100 && scalars.len() > 500, "{} and {}", tables.len(), scalars.len());
    let is_name = |name: &String| name.chars().all(|sign| sign.is_ascii_alphanumeric() || sign == '_');
    let of_tables = [path.clone(), format!("[{path}]"), format!("{path}, {new}"), new];
    let of_values = [path.clone()];
    for (names, before, arguments) in [(&tables, "from ", &of_tables[..]), (&scalars, "select ", &of_values)] {
        for name in names.iter().filter(|name| is_name(name)) {
            for given in arguments {
                let sql = format!("{before}\"{name}\"({given})");
                let (is_answer, said) = sandbox.look(&sql);
                let is_read = said.contains(PLANTED) || of_files.contains(&name.as_str()) && is_answer;
                assert!(!is_read, "{sql}: {said}");
            }
        }
        sandbox.is_untouched(before);
    }
    for name in sandbox.names("'pragma'").iter().chain(&tables) {
        for verb in ["pragma", "call"] {
            let sql = format!("{verb} {name}({path})");
            assert!(!sandbox.look(&sql).0, "{sql}");
        }
    }
    for (name, given) in
        [("query", "'copy (select 1) to ''x'''"), ("query", "'select 1; select 2'"), ("query_table", "'/etc/passwd'")]
    {
        assert!(!sandbox.ask(&format!("from {name}({given})")).0, "{name}({given})");
    }
    assert!(!sandbox.ask("select getenv('HOME')").0);
    sandbox.is_untouched("functions");
}

/// The same through the command, from a file, from standard input, as a saved query, as a parameter, and in the shell.
#[test]
fn every_door_leads_to_the_same_sandbox() {
    let garden = Garden::of(&["incident.json"], &[]);
    garden.write("secret.csv", format!("a\n{PLANTED}\n"));
    std::fs::create_dir(garden.path("queries")).unwrap();
    let database = || xxh3_128(&std::fs::read(garden.path("garden.duckdb")).unwrap());
    let before = database();
    let copy = "copy (select 'x') to 'garden.duckdb' (format csv, use_tmp_file false)";
    for (at, sql) in [copy, "from 'secret.csv'", "with a as (copy (select 1) to 'out.csv') from a"].iter().enumerate() {
        let name = format!("saved_{at}");
        let file = garden.write(&format!("queries/{name}.sql"), sql);
        let value = format!("x={sql}");
        let doors: [&[&str]; 4] =
            [&["sql", sql], &["sql", "-f", &file], &["queries", &name], &["sql", "--param", &value, "from query($x)"]];
        for door in doors {
            let output = garden.gardener(door);
            assert_eq!(output.status.code(), Some(2), "{door:?}: {}", text(&output.stderr));
            assert!(!text(&output.stdout).contains(PLANTED), "{door:?}");
            assert_eq!(database(), before, "{door:?}");
        }
    }
    assert!(!garden.path("out.csv").exists());
}
