//! What is loaded piece by piece, with builds between, is in every table what one build from scratch makes of it.

use std::{collections::BTreeSet, env, fs, path::Path};

use duckdb::Connection;

use super::support::{Garden, data, project, text};

/// Tables that tell what was done, not what the archive holds.
const OF_THE_PAST: &[&str] = &["meta", "worklogs", "pattern_aliases"];

/// Cases that the test runs; `GROWTH_CASES=1000` runs more.
const CASES: u64 = 4;

/// Whole numbers that follow from a seed (SplitMix64).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) % bound as u64) as usize
    }
}

/// Entries of every kind that the cases hold, a line each.
fn lines() -> Vec<String> {
    let cases = project().join("tests/cases/entries");
    let mut paths: Vec<_> = fs::read_dir(cases).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|ending| ending == "ndjson"));
    paths.sort();
    paths.push(data("sample.ndjson").into());
    let read = |path: &std::path::PathBuf| String::from_utf8_lossy(&fs::read(path).unwrap()).into_owned();
    let texts: Vec<String> = paths.iter().map(read).collect();
    texts.iter().flat_map(|text| text.lines()).filter(|line| line.starts_with('{')).map(str::to_owned).collect()
}

/// The lines in parts: cut where it falls, or dealt out; some stand in a later part again, some of these with more.
fn parts(lines: &[String], numbers: &mut Numbers) -> Vec<Vec<String>> {
    let count = 2 + numbers.below(3);
    let mut parts: Vec<Vec<String>> = vec![Vec::new(); count];
    let is_cut = numbers.below(2) == 0;
    for (at, line) in lines.iter().enumerate() {
        let part = match (is_cut, numbers.below(20)) {
            (true, _) => (at * (count + 2) / lines.len()).saturating_sub(2),
            (false, 0) => numbers.below(count),
            (false, _) => 0,
        };
        parts[part].push(line.clone());
        let again = numbers.below(200);
        if again < 2 {
            let fuller = line.replacen('{', "{\"labels\":{\"added\":\"later\"},", again);
            parts[count - 1].push(fuller);
        }
    }
    if numbers.below(6) == 0 {
        parts.rotate_left(1);
    }
    parts
}

fn succeeds(garden: &Garden, arguments: &[&str]) -> String {
    let output = garden.gardener(arguments);
    assert!(matches!(output.status.code(), Some(0 | 2)), "{}", text(&output.stderr));
    text(&output.stderr)
}

/// The tables that differ, with the rows that only one of the databases has.
fn differences(one: &Path, other: &Path) -> Vec<String> {
    let connection = Connection::open_in_memory().unwrap();
    let attach = |path: &Path, name: &str| format!("attach '{}' as {name} (read_only)", path.display());
    connection.execute_batch(&[attach(one, "one"), attach(other, "other")].join(";")).unwrap();
    let tables = |database: &str| -> BTreeSet<String> {
        let sql = "select table_name from duckdb_tables() where database_name = ?";
        let mut statement = connection.prepare(sql).unwrap();
        let names = statement.query_map([database], |row| row.get(0)).unwrap();
        names.map(Result::unwrap).collect()
    };
    let names = tables("one");
    assert_eq!(names, tables("other"));
    let differs = |table: &String| {
        let sql = format!(
            "select (select count(*) from (from one.{table} except all from other.{table})), \
                 (select count(*) from (from other.{table} except all from one.{table}))"
        );
        let counts: (i64, i64) = connection.query_row(&sql, [], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
        (counts != (0, 0)).then(|| format!("{table}: {counts:?}"))
    };
    names.iter().filter(|name| !OF_THE_PAST.contains(&name.as_str())).filter_map(differs).collect()
}

/// The same database, built from scratch.
fn rebuilt(garden: &Garden) -> std::path::PathBuf {
    let path = garden.path("rebuilt.duckdb");
    fs::copy(garden.path("garden.duckdb"), &path).unwrap();
    let connection = Connection::open(&path).unwrap();
    connection.execute_batch("delete from meta where key in ('built_by', 'built_files')").unwrap();
    drop(connection);
    let said = succeeds(garden, &["build", "--db", "rebuilt.duckdb"]);
    assert!(said.contains("built models: "), "{said}");
    path
}

#[test]
fn what_is_added_is_what_would_be_built_from_scratch() {
    let count = env::var("GROWTH_CASES").ok().and_then(|text| text.parse().ok()).unwrap_or(CASES);
    let lines = lines();
    let mut grown = 0;
    for seed in 0..count {
        let mut numbers = Numbers(seed);
        let garden = Garden::new();
        for (at, part) in parts(&lines, &mut numbers).iter().enumerate() {
            let path = garden.write(&format!("part-{at}.ndjson"), part.join("\n"));
            succeeds(&garden, &["load", &path]);
            // now and then two loads are built at once
            if at == 0 || numbers.below(5) > 0 {
                grown += u64::from(succeeds(&garden, &["build"]).contains("updated models"));
            }
        }
        grown += u64::from(succeeds(&garden, &["build"]).contains("updated models"));
        let different = differences(&garden.path("garden.duckdb"), &rebuilt(&garden));
        assert!(different.is_empty(), "seed {seed}: {different:?}");
    }
    assert!(2 * grown >= count, "{grown} builds of {count} cases added to what was there");
}

#[test]
fn other_rules_build_all_and_it_is_said() {
    let garden = Garden::new();
    succeeds(&garden, &["load", &data("sample.ndjson")]);
    assert!(succeeds(&garden, &["build"]).contains("built models: "));
    assert!(succeeds(&garden, &["build"]).contains("models are up to date"));
    let said = succeeds(&garden, &["build", "--config", &data("gardener.toml")]);
    assert!(said.contains("all of them, since the program, the rules or the settings changed"), "{said}");
}
