//! What goes wrong around a load: it is said, and the database is as before or complete.

use std::{
    io::{BufRead, BufReader, Write},
    process::{Child, ChildStdin, Command, Output, Stdio},
    thread,
    time::{Duration, Instant},
};

use super::support::{Garden, text};

fn command(garden: &Garden, arguments: &[&str]) -> Command {
    let mut command = Command::new(assert_cmd::cargo::cargo_bin!("gardener"));
    command.args(arguments).current_dir(garden.path("")).stderr(Stdio::piped());
    command
}

fn start_in(garden: &Garden, arguments: &[&str]) -> Child {
    command(garden, arguments).spawn().unwrap()
}

/// A script in which `$0` is gardener.
fn in_bash(garden: &Garden, script: &str) -> Output {
    let gardener = assert_cmd::cargo::cargo_bin!("gardener");
    Command::new("bash").args(["-c", script]).arg(gardener).current_dir(garden.path("")).output().unwrap()
}

/// Entries enough for a load to take a while.
fn archive(garden: &Garden, name: &str, entries: u32, seed: u32) {
    let (entries, seed) = (entries.to_string(), seed.to_string());
    let output = garden.gardener(&["sample", "--entries", &entries, "--seed", &seed]);
    garden.write(name, output.stdout);
}

fn count(garden: &Garden, table: &str) -> i64 {
    garden.number(&format!("select count(*) from {table}"))
}

/// Entries of `gardener load`, given piece by piece through its standard input.
struct Pipe {
    load: Child,
    input: ChildStdin,
}

impl Pipe {
    /// More than a pipe holds has been taken when this returns, so the load is under way and its database open.
    fn open(garden: &Garden, content: &[u8]) -> Self {
        let mut load = command(garden, &["load", "-"]).stdin(Stdio::piped()).spawn().unwrap();
        let mut input = load.stdin.take().unwrap();
        assert!(content.len() > 8 << 20);
        input.write_all(content).unwrap();
        Self { load, input }
    }
}

/// `CRASHES` says at how many moments, spread evenly over the time that a load takes.
#[test]
fn a_killed_load_leaves_nothing_between() {
    let crashes: u32 = std::env::var("CRASHES").ok().and_then(|count| count.parse().ok()).unwrap_or(4);
    let source = Garden::new();
    archive(&source, "first.ndjson", 500, 1);
    archive(&source, "second.ndjson", 5_000, 2);
    assert!(source.gardener(&["load", "first.ndjson"]).status.success());
    let whole = Garden::new();
    source.copy_to(&whole.path(""));
    let start = Instant::now();
    assert!(whole.gardener(&["load", "second.ndjson"]).status.success());
    let took = start.elapsed();
    let totals = "select count(*) || '/' || count(distinct (entry_at, entry_key)) || '/' || (select count(*) from files) as n from raw_entries";
    let total = |garden: &Garden| garden.query(totals)[0]["n"].as_str().unwrap().to_owned();
    let (mut none, mut all) = (0, 0);
    for crash in 0..crashes {
        let garden = Garden::new();
        source.copy_to(&garden.path(""));
        let has_first = crash % 2 == 0;
        if !has_first {
            std::fs::remove_file(garden.path("garden.duckdb")).unwrap();
        }
        let wait = took * (crash + 1) / (crashes + 1);
        let mut load = start_in(&garden, &["load", "second.ndjson"]);
        thread::sleep(wait);
        load.kill().unwrap();
        load.wait().unwrap();
        let is_there =
            garden.path("garden.duckdb").exists() && garden.gardener(&["sql", "from files"]).status.success();
        assert!(is_there || !has_first, "the database is lost after {wait:?}");
        let (nothing, everything) = if has_first { ("500/500/1", "5500/5500/2") } else { ("0/0/0", "5000/5000/1") };
        let found = if is_there { total(&garden) } else { nothing.into() };
        assert!(found == nothing || found == everything, "{found} after {wait:?}");
        if found == everything {
            all += 1
        } else {
            none += 1
        }
        let again = garden.gardener(&["load", "second.ndjson"]);
        assert!(again.status.success(), "after {wait:?}: {}", text(&again.stderr));
        assert_eq!(total(&garden), everything, "after {wait:?}");
    }
    eprintln!("{crashes} loads killed: {none} left the database as it was, {all} had committed");
}

#[test]
fn a_full_disk_is_said_and_the_database_stays() {
    let garden = Garden::new();
    archive(&garden, "small.ndjson", 100, 1);
    archive(&garden, "large.ndjson", 5_000, 2);
    assert!(garden.gardener(&["load", "small.ndjson"]).status.success());
    // a limit on the size of files, in KiB, whose signal is ignored, so that writing fails as on a full disk
    let script = "trap '' XFSZ; ulimit -f 800; exec \"$0\" load large.ndjson";
    let output = in_bash(&garden, script);
    let said = text(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("nothing of it was kept") && said.contains("File too large"), "{said}");
    assert_eq!(count(&garden, "raw_entries"), 100);
    assert!(garden.gardener(&["load", "large.ndjson"]).status.success());
    assert_eq!(count(&garden, "raw_entries"), 5_100);
}

#[test]
fn of_two_loads_at_once_the_second_waits() {
    let garden = Garden::new();
    archive(&garden, "a.ndjson", 12_000, 1);
    archive(&garden, "b.ndjson", 100, 2);
    let first = Pipe::open(&garden, &std::fs::read(garden.path("a.ndjson")).unwrap());
    let mut second = start_in(&garden, &["load", "b.ndjson"]);
    let mut said = BufReader::new(second.stderr.take().unwrap()).lines();
    let line = said.next().unwrap().unwrap();
    assert!(line.contains("waiting for `garden.duckdb`"), "{line}");
    drop(first.input);
    for load in [first.load, second] {
        assert!(load.wait_with_output().unwrap().status.success());
    }
    assert_eq!(count(&garden, "raw_entries"), 12_100);
    assert_eq!(count(&garden, "files"), 2);
}

#[test]
fn an_interrupt_undoes_what_is_under_way() {
    let garden = Garden::new();
    archive(&garden, "a.ndjson", 12_000, 1);
    let Pipe { load, input } = Pipe::open(&garden, &std::fs::read(garden.path("a.ndjson")).unwrap());
    Command::new("kill").args(["-INT", &load.id().to_string()]).status().unwrap();
    // the signal is taken before the input ends
    thread::sleep(Duration::from_millis(20));
    drop(input);
    let output = load.wait_with_output().unwrap();
    let said = text(&output.stderr);
    assert_eq!(output.status.code(), Some(130), "{said}");
    assert!(said.contains("error: interrupted") && said.contains("nothing of it was kept"), "{said}");
    assert!(garden.gardener(&["load", "a.ndjson"]).status.success());
    assert_eq!(count(&garden, "raw_entries"), 12_000);
}

const GOOD: &str = r#"{"insertId":"a","timestamp":"2025-01-01T00:00:00Z","textPayload":"up"}"#;

#[test]
fn rejects_are_told_and_an_error_where_that_is_asked_for() {
    let garden = Garden::new();
    garden.write("log.ndjson", format!("{GOOD}\n{{\"broken\n{GOOD}\n"));
    let output = garden.gardener(&["load", "log.ndjson"]);
    let said = text(&output.stderr);
    assert!(output.status.success(), "{said}");
    let wanted = "loaded 1 new entry from 1 file, 1 duplicate dropped, 1 piece rejected (`gardener sql --db garden.duckdb 'from rejects'` shows them)";
    assert!(said.contains(wanted), "{said}");
    let parts = "select content_bytes = entry_bytes + reject_bytes + separator_bytes and reject_bytes = 8 and separator_bytes = 3 from files";
    assert_eq!(garden.query(parts)[0].as_object().unwrap().values().next(), Some(&true.into()));
    let strict = Garden::new();
    let path = garden.path("log.ndjson");
    let output = strict.gardener(&["load", "--strict", path.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(2), "{}", text(&output.stderr));
    assert_eq!(count(&strict, "raw_entries"), 1);
}

#[test]
fn a_pipe_is_read_once() {
    let garden = Garden::new();
    garden.write("log.ndjson", GOOD);
    let script = "mkfifo pipe && (cat log.ndjson > pipe &) && \"$0\" load pipe";
    let output = in_bash(&garden, script);
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert_eq!(count(&garden, "raw_entries"), 1);
}

#[test]
fn a_folder_is_read_as_a_sink_lays_it_out_and_a_loop_of_links_ends() {
    let garden = Garden::new();
    let folder = "archive/run.googleapis.com/stdout/2025/01/01";
    std::fs::create_dir_all(garden.path(folder)).unwrap();
    let shard = |id: &str| GOOD.replace("\"a\"", &format!("\"{id}\""));
    garden.write(&format!("{folder}/08:00:00_08:59:59_S0.json"), shard("s0"));
    garden.write(&format!("{folder}/08:00:00_08:59:59_S1.json"), shard("s1") + "\n" + &shard("s0"));
    garden.write(&format!("{folder}/08:00:00_08:59:59_A0.json"), shard("late"));
    #[cfg(unix)]
    std::os::unix::fs::symlink(garden.path("archive"), garden.path(&format!("{folder}/loop"))).unwrap();
    let output = garden.gardener(&["load", "archive"]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert_eq!(count(&garden, "raw_entries"), 3);
    assert_eq!(garden.number("select sum(duplicates)::bigint from files"), 1);
}

#[test]
fn entries_beyond_the_limit_are_rejected_by_name_and_large_ones_are_loaded() {
    let garden = Garden::new();
    let entry = |id: &str, bytes: usize| {
        format!(r#"{{"insertId":"{id}","timestamp":"2025-01-01T00:00:00Z","textPayload":"{}"}}"#, "x".repeat(bytes))
    };
    let lines = [entry("a", 256 << 10), entry("b", 512 << 10), entry("c", 17 << 20), entry("d", 10)];
    garden.write("log.ndjson", lines.join("\n"));
    let output = garden.gardener(&["load", "log.ndjson"]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert_eq!(count(&garden, "raw_entries"), 3);
    let rejects = garden.query("select line, bytes, reason from rejects");
    assert_eq!(rejects[0]["reason"], "entry above the limit of 16777216 bytes");
    assert_eq!((rejects[0]["line"].as_i64(), rejects[0]["bytes"].as_u64()), (Some(3), Some(lines[2].len() as u64)));
}

#[cfg(target_os = "linux")]
#[test]
fn what_expands_a_thousandfold_takes_no_more_memory() {
    let garden = Garden::new();
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(GOOD.as_bytes()).unwrap();
    let blanks = vec![b'\n'; 1 << 20];
    for _ in 0..40 {
        encoder.write_all(&blanks).unwrap();
    }
    // several members are one content
    let member = encoder.finish().unwrap();
    let bomb = member.repeat(10);
    assert!(bomb.len() < (400 << 20) / 900);
    garden.write("bomb.json.gz", bomb);
    let output = in_bash(&garden, "ulimit -v 3000000; exec \"$0\" load bomb.json.gz --memory 256MB");
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert_eq!(count(&garden, "raw_entries"), 1);
}

#[test]
fn what_stands_in_logs_does_not_steer_a_terminal() {
    let garden = Garden::new();
    let evil = r#"{"insertId":"a","timestamp":"2025-01-01T00:00:00Z","severity":"ERROR","textPayload":"evil \u001b]0;title\u0007\u001b[2J\u0000\u202e\u009b31m \u0008end"}"#;
    garden.write("log.ndjson", evil);
    assert!(garden.gardener(&["run", "log.ndjson"]).status.success());
    let shown = [
        text(&garden.gardener(&["sql", "select message, payload from entries"]).stdout),
        text(&garden.gardener(&["show", "evil"]).stdout),
        garden.worklogs()[0].1.clone(),
    ];
    for shown in shown {
        let steers = |c: char| (c.is_control() && c != '\n' && c != '\t') || c == '\u{202e}';
        assert!(shown.contains("evil") && !shown.contains(steers), "{shown:?}");
    }
    let payload = garden.query("select payload ->> '$' as text from entries");
    assert_eq!(payload[0]["text"], "evil \u{1b}]0;title\u{7}\u{1b}[2J\0\u{202e}\u{9b}31m \u{8}end");
}

#[test]
fn names_in_logs_stay_inside_the_folder_of_worklogs() {
    let garden = Garden::new();
    let entry = |service: &str| {
        format!(
            r#"{{"insertId":"{}","timestamp":"2025-01-01T00:00:00Z","severity":"ERROR","textPayload":"x failed","resource":{{"type":"cloud_run_revision","labels":{{"service_name":"{service}"}}}}}}"#,
            service.len()
        )
    };
    garden.write("log.ndjson", entry("../../outside/../x") + "\n" + &entry("good"));
    let output = garden.gardener(&["run", "log.ndjson", "--out", "a/b/worklogs"]);
    let written: Vec<String> = text(&output.stdout).lines().map(str::to_owned).collect();
    assert_eq!(written.len(), 2, "{written:?}");
    for path in written {
        let path = garden.path(&path).canonicalize().unwrap();
        assert_eq!(path.parent(), Some(garden.path("a/b/worklogs").canonicalize().unwrap().as_path()));
    }
}

#[test]
fn a_file_that_breaks_off_is_loaded_up_to_there() {
    for layout in ["ndjson", "array"] {
        let garden = Garden::new();
        let plain = garden.gardener(&["sample", "--entries", "3000", "--layout", layout]).stdout;
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        encoder.write_all(&plain).unwrap();
        let whole = encoder.finish().unwrap();
        garden.write("log.json.gz", &whole[..whole.len() * 2 / 3]);
        let output = garden.gardener(&["load", "log.json.gz"]);
        let said = text(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(said.contains("fault: reading broke off") && said.contains("1 piece rejected"), "{said}");
        let entries = count(&garden, "raw_entries");
        assert!((1_000..3_000).contains(&entries), "{entries}");
        garden.write("log.json.gz", &whole);
        assert!(garden.gardener(&["load", "log.json.gz"]).status.success());
        assert_eq!(count(&garden, "raw_entries"), 3_000);
    }
}
