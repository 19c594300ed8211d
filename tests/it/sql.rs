//! `gardener sql`: values, formats, files and errors; and the database as other programs open it.

use std::{path::Path, process::Command};

use super::support::{Garden, project, text};

fn garden() -> Garden {
    Garden::of(&["incident.json"], &[])
}

fn answer(garden: &Garden, arguments: &[&str]) -> String {
    let output = garden.gardener(&[&["sql"], arguments].concat());
    assert!(output.status.success(), "{arguments:?}: {}", text(&output.stderr));
    text(&output.stdout)
}

fn refusal(garden: &Garden, arguments: &[&str]) -> String {
    let output = garden.gardener(&[&["sql"], arguments].concat());
    assert_eq!(output.status.code(), Some(2), "{arguments:?}: {}", text(&output.stdout));
    assert!(output.stdout.is_empty(), "{arguments:?}: {}", text(&output.stdout));
    text(&output.stderr)
}

#[test]
fn values_are_bound_by_name_and_never_read_as_sql() {
    let garden = garden();
    let hostile = "text='; drop table entries; --";
    assert_eq!(
        answer(&garden, &["--format", "csv", "--param", hostile, "select $text as t"]),
        "t\n'; drop table entries; --\n"
    );
    let sql = "select typeof($a) as a, $b::int + 1 as b, $A as c";
    assert_eq!(
        answer(&garden, &["--format", "csv", "--param", "a=1=2", "--param", "b=41", sql]),
        "a,b,c\nVARCHAR,42,1=2\n"
    );
    let said = [
        refusal(&garden, &["select $service, $day"]),
        refusal(&garden, &["--param", "dya=1", "select $day"]),
        refusal(&garden, &["--param", "day", "select $day"]),
    ];
    assert!(
        said[0].contains("needs values for `service`, `day`") && said[0].contains("`--param day=...`"),
        "{}",
        said[0]
    );
    assert!(said[1].contains("no parameter `dya`") && said[1].contains("did you mean `day`?"), "{}", said[1]);
    assert!(said[2].contains("a name, an equals sign and a value"), "{}", said[2]);
}

#[test]
fn of_several_statements_all_run_and_the_last_one_answers() {
    let garden = garden();
    let file = garden.write(
        "steps.sql",
        "-- param least = 40: so many\n\ncreate temp table counts as\n  select severity, count(*) as n from entries group by all; -- ;\n\n\
         select severity from counts where n >= $least::int and severity <> ';' order by severity;\n",
    );
    let run = ["--unsafe", "--format", "csv", "-f", &file];
    assert_eq!(answer(&garden, &run), "severity\nWARNING\nERROR\n");
    assert_eq!(answer(&garden, &[&run[..], &["--param", "least=100"]].concat()), "severity\n");
    let said = refusal(&garden, &["-f", &file]);
    assert!(said.contains("a CREATE statement may change files or the database"), "{said}");
    assert!(said.contains("`gardener sql --unsafe` runs any statement"), "{said}");
    assert_eq!(answer(&garden, &["--format", "csv", "select 1 as a; select 2 as b"]), "b\n2\n");
    let faulty = garden.write("faulty.sql", "-- one\nselect 1;\n\n-- two\nselect\n    mesage\nfrom entries;\n");
    let said = refusal(&garden, &["-f", &faulty]);
    assert!(said.contains("LINE 6:     mesage\n            ^^^^^^"), "{said}");
    assert!(refusal(&garden, &["-f", "missing.sql"]).contains("cannot read the query from `missing.sql`"));
    assert!(refusal(&garden, &["-- nothing"]).contains("there is no query"));
}

#[test]
fn rows_come_in_every_format() {
    let garden = garden();
    let sql =
        "select 'a|b' as \"text\", 12 as n, null as nothing, ['x', 'y'] as list union all select '<i>', 3, 'z', []";
    let formats = ["table", "csv", "json", "ndjson", "markdown"];
    let all = formats.map(|format| format!("{format}:\n{}", answer(&garden, &["--format", format, sql])));
    insta::assert_snapshot!(all.join("\n"));
    assert_eq!(answer(&garden, &["--format", "json", "select 1 as a where false"]), "[]\n");
    assert_eq!(answer(&garden, &["--format", "ndjson", "select 1 as a where false"]), "");
    assert!(answer(&garden, &["--format", "json", "explain select 1"]).contains("explain_value"));
    assert!(answer(&garden, &["--format", "json", "describe entries"]).contains("\"column_name\":\"message\""));
}

#[test]
fn what_is_no_terminal_gets_the_bytes_as_they_are() {
    let garden = garden();
    let sql = "select chr(27) || '[31mred' as a";
    assert_eq!(answer(&garden, &["--format", "csv", sql]), "a\n\u{1b}[31mred\n");
    assert_eq!(answer(&garden, &["--format", "csv", "-o", "a.csv", sql]), "");
    assert_eq!(std::fs::read_to_string(garden.path("a.csv")).unwrap(), "a\n\u{1b}[31mred\n");
    assert!(answer(&garden, &[sql]).contains("␛[31mred"));
    refusal(&garden, &["--format", "csv", "select error('no') as a"]);
}

#[test]
fn a_parquet_file_is_written_and_nothing_beside_it() {
    let garden = garden();
    let sql = "select * from entries where severity = $severity order by entry_at";
    let said = refusal(&garden, &["--format", "parquet", sql]);
    assert!(said.contains("hint: name it with `--out FILE`"), "{said}");
    answer(&garden, &["-o", "made/it's.parquet", "--param", "severity=ERROR", sql]);
    let files: Vec<_> = std::fs::read_dir(garden.path("made")).unwrap().map(|item| item.unwrap().file_name()).collect();
    assert_eq!(files, ["it's.parquet"]);
    let connection = duckdb::Connection::open_in_memory().unwrap();
    let path = garden.path("made/it's.parquet").display().to_string();
    let read = |what: &str| -> i64 {
        connection.query_row(&format!("select {what} from read_parquet(?)"), [&path], |row| row.get(0)).unwrap()
    };
    assert_eq!(read("count(*)"), garden.number("select count(*) from entries where severity = 'ERROR'"));
    // a query that fails leaves the file that was there, and no other
    refusal(&garden, &["-o", "made/it's.parquet", "select error(message) from entries"]);
    refusal(&garden, &["-o", "made/it's.parquet", "copy (select 1) to 'made/other.csv'"]);
    assert_eq!(read("count(*)"), 50);
    assert_eq!(std::fs::read_dir(garden.path("made")).unwrap().count(), 1);
}

#[test]
fn other_formats_go_to_files_by_their_ending() {
    let garden = garden();
    for (name, content) in [
        ("a.csv", "n\n1\n"),
        ("a.json", "[{\"n\":1}]\n"),
        ("a.jsonl", "{\"n\":1}\n"),
        ("a.md", "| n |\n|---|\n| 1 |\n"),
    ] {
        assert_eq!(answer(&garden, &["--out", name, "select 1 as n"]), "");
        assert_eq!(std::fs::read_to_string(garden.path(name)).unwrap(), content);
    }
    assert!(!refusal(&garden, &["--out", "a.csv", "select error('no')"]).is_empty());
    assert_eq!(std::fs::read_to_string(garden.path("a.csv")).unwrap(), "n\n1\n");
}

#[test]
fn a_parquet_answer_opens_no_other_door() {
    let garden = garden();
    garden.write("secret.csv", "a\n1\n");
    let doors = [
        "select * from 'secret.csv'",
        "select * from read_text('secret.csv')",
        "attach 'other.duckdb'; select 1",
        "copy (select 1) to 'x.csv'; select 1",
        "set enable_external_access = true; select 1",
        "set allowed_paths = ['/']; select 1",
        "install httpfs; select 1",
        "delete from raw_entries; select 1",
    ];
    for sql in doors {
        refusal(&garden, &["-o", "out.parquet", sql]);
        refusal(&garden, &[sql]);
    }
    for name in ["x.csv", "other.duckdb", "out.parquet"] {
        assert!(!garden.path(name).exists(), "{name}");
    }
}

#[test]
fn near_misses_are_hinted_at() {
    let garden = garden();
    let hint = |sql: &str| refusal(&garden, &[sql]);
    assert!(hint("select 1 from entires").contains("Did you mean \"entries\"?"));
    assert!(hint("select e.mesage from entries as e").contains("hint: did you mean `message`?"));
    assert!(hint("select template from entries").contains("hint: `template` is a column of `patterns`"));
    assert!(hint("select * from 'x.csv'").contains("`--unsafe` allows it"));
}

/// What a program without gardener's functions can read: every table and view.
const READ_ALL: &str = r#"
import sys, duckdb
connection = duckdb.connect(sys.argv[1], read_only=True)
relations = connection.execute("select table_schema, table_name from information_schema.tables").fetchall()
for schema, name in relations:
    connection.execute(f'select * from "{schema}"."{name}"').fetchall()
print(len(relations))
"#;

#[test]
fn other_programs_read_every_table_and_view() {
    let garden =
        Garden::of(&["sample.ndjson"], &["--config", &project().join("data/gardener.toml").display().to_string()]);
    assert!(garden.gardener(&["history"]).status.success());
    let database = garden.path("garden.duckdb");
    let version = garden.query("select ltrim(version(), 'v') as version")[0]["version"].as_str().unwrap().to_owned();
    // the library itself, as the DuckDB command line has it
    let connection = duckdb::Connection::open(&database).unwrap();
    let mut statement = connection.prepare("select table_name from information_schema.tables").unwrap();
    let names: Vec<String> = statement.query_map([], |row| row.get(0)).unwrap().collect::<Result<_, _>>().unwrap();
    for name in &names {
        connection.execute_batch(&format!("create temp table copied as from \"{name}\"; drop table copied")).unwrap();
    }
    drop(statement);
    drop(connection);
    match python_version() {
        // what is mended in a later one of the same storage changes nothing here
        Some(found) if minor(&found) == minor(&version) => {
            assert_eq!(read_with_python(&database), names.len().to_string())
        }
        found => eprintln!("skipped: python3 with duckdb {version}, found {found:?}"),
    }
}

fn minor(version: &str) -> Option<&str> {
    version.rsplit_once('.').map(|(minor, _)| minor)
}

fn python_version() -> Option<String> {
    let output = Command::new("python3").args(["-c", "import duckdb; print(duckdb.__version__)"]).output().ok()?;
    output.status.success().then(|| text(&output.stdout).trim().to_owned())
}

fn read_with_python(database: &Path) -> String {
    let output = Command::new("python3").arg("-c").arg(READ_ALL).arg(database).output().unwrap();
    assert!(output.status.success(), "{}", text(&output.stderr));
    text(&output.stdout).trim().to_owned()
}
