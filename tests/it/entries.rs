//! What is read from entries: each file in `tests/cases/entries` is loaded by itself and its rows are shown.

use std::io::Write;

use super::support::Garden;

const ROWS: &str = "select * exclude (entry_key, file, shape_id, pattern_id, labels, extra), labels, extra \
                    from entries order by entry_at, insert_id, line, entry_key";

fn rows_of(garden: &Garden) -> String {
    // in one query: there are many cases
    let sql = format!(
        "select (select list(entry) from ({ROWS}) as entry) as entries, \
         (select list(reject) from (select line, byte_offset, reason, raw from rejects order by all) as reject) as rejects, \
         (select list(file) from (select form, faults from files) as file) as files"
    );
    let answer = garden.query(&sql).remove(0);
    let list = |name: &str| answer[name].as_array().cloned().unwrap_or_default();
    let entries: Vec<String> = list("entries")
        .iter()
        .map(|row| {
            let fields = row.as_object().unwrap().iter().filter(|(_, value)| !value.is_null() && *value != "");
            fields.map(|(name, value)| format!("{name}: {value}")).collect::<Vec<_>>().join("\n")
        })
        .collect();
    let rejects: Vec<String> = list("rejects").iter().map(|row| format!("rejected {row}")).collect();
    format!("{}\n\n{}\n{}", entries.join("\n\n"), rejects.join("\n"), list("files")[0])
}

#[test]
fn entries_are_read_as_the_cases_show() {
    insta::glob!("../cases/entries", "*.*", |path| {
        let garden = Garden::new();
        let output = garden.gardener(&["load", &path.display().to_string()]);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{}: {said}", path.display());
        assert!(garden.gardener(&["build"]).status.success());
        insta::assert_snapshot!(rows_of(&garden));
    });
}

fn line(at: usize) -> String {
    format!(
        r#"{{"insertId":"i{at}","timestamp":"2025-01-01T00:00:{:02}.{at:06}Z","severity":"INFO","textPayload":"line {at}"}}"#,
        at % 60
    )
}

#[test]
fn compressed_files_hold_the_same_entries() {
    let plain: String = (0..500).map(|at| line(at) + "\n").collect();
    let gzip = |text: &str| {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        encoder.write_all(text.as_bytes()).unwrap();
        encoder.finish().unwrap()
    };
    let (first, second) = plain.split_at(plain.len() / 2);
    let members = [gzip(first), gzip(second)].concat();
    let zstd = zstd::encode_all(plain.as_bytes(), 3).unwrap();
    for (name, bytes) in [("a.json.gz", gzip(&plain)), ("b.gz", members), ("c.zst", zstd), ("d", plain.into_bytes())] {
        let garden = Garden::new();
        let path = garden.write(name, bytes);
        assert!(garden.gardener(&["load", &path]).status.success(), "{name}");
        assert!(garden.gardener(&["build"]).status.success());
        assert_eq!(garden.number("select count(*) from entries"), 500, "{name}");
    }
}

#[test]
fn a_file_that_grew_adds_what_is_new() {
    let garden = Garden::new();
    let path = garden.write("log.ndjson", line(1) + "\n" + &line(2));
    garden.gardener(&["load", &path]);
    garden.write("log.ndjson", [line(1), line(2), line(3)].join("\n"));
    garden.gardener(&["load", &path]);
    garden.gardener(&["build"]);
    assert_eq!(garden.number("select count(*) from entries"), 3);
    assert_eq!(garden.number("select sum(duplicates)::bigint from files"), 2);
}

#[test]
fn the_fuller_copy_stands_whatever_came_first() {
    let bare = r#"[{"insertId":"a","timestamp":"2025-01-01T00:00:00Z","severity":"ERROR"}]"#;
    let full = r#"[{"insertId":"a","timestamp":"2025-01-01T00:00:00.000Z","severity":"ERROR","textPayload":"why"}]"#;
    for order in [[bare, full], [full, bare]] {
        let garden = Garden::new();
        let (first, second) = (garden.write("1.json", order[0]), garden.write("2.json", order[1]));
        assert!(garden.gardener(&["load", &first]).status.success());
        assert!(garden.gardener(&["load", &second]).status.success());
        garden.gardener(&["build"]);
        let rows = garden.query("select message from entries");
        assert_eq!(rows.len(), 1);
        assert_eq!(rows[0]["message"], "why");
        assert_eq!(garden.number("select sum(duplicates)::bigint from files"), 1);
    }
}

#[test]
fn a_field_that_comes_late_and_keys_that_differ_by_case_are_kept() {
    let garden = Garden::new();
    let mut lines: Vec<String> = (0..30_000).map(line).collect();
    lines.push(
        r#"{"insertId":"z","timestamp":"2025-01-02T00:00:00Z","jsonPayload":{"userId":"A","userid":"b","late":7}}"#
            .into(),
    );
    let path = garden.write("log.ndjson", lines.join("\n"));
    garden.gardener(&["load", &path]);
    garden.gardener(&["build"]);
    let rows = garden.query("select payload ->> '$.userId' a, payload ->> '$.userid' b, payload ->> '$.late' c from entries where insert_id = 'z'");
    assert_eq!((&rows[0]["a"], &rows[0]["b"], &rows[0]["c"]), (&"A".into(), &"b".into(), &"7".into()));
}

#[test]
fn split_entries_are_joined_and_a_missing_piece_is_said() {
    let garden = Garden::new();
    let path = super::support::project().join("tests/cases/entries/split.ndjson");
    let output = garden.gardener(&["run", path.to_str().unwrap()]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{said}");
    assert!(said.contains("1 split entry is incomplete: 2 pieces are missing from the loaded exports"), "{said}");
    let events = garden.query("select message, piece_count, missing_count from trace_events order by missing_count");
    assert_eq!(events[0]["message"], "first half, second half");
    assert_eq!((events[0]["piece_count"].as_i64(), events[0]["missing_count"].as_i64()), (Some(2), Some(0)));
    assert_eq!((events[1]["piece_count"].as_i64(), events[1]["missing_count"].as_i64()), (Some(1), Some(2)));
    assert_eq!(garden.number("select count(distinct event_id) from entries"), 2);
    assert_eq!(garden.number("select count(distinct pattern_id) from entries"), 2);
}

#[test]
fn the_events_of_loggers_and_their_traces_do_not_depend_on_the_order_of_lines() {
    let text =
        std::fs::read_to_string(super::support::project().join("tests/cases/entries/logged_traces.ndjson")).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    let events = |files: [Vec<&str>; 2]| {
        let garden = Garden::new();
        let [first, second] = files.map(|lines| lines.join("\n"));
        let paths = [garden.write("1.ndjson", first), garden.write("2.ndjson", second)];
        assert!(garden.gardener(&["load", &paths[0], &paths[1]]).status.success());
        assert!(garden.gardener(&["build"]).status.success());
        garden.query("select insert_id, event_id, shape_id, effective_severity from entries order by insert_id")
    };
    let (first, second) = lines.split_at(lines.len() / 2);
    let told = events([first.to_vec(), second.to_vec()]);
    let every = |odd: usize| lines.iter().rev().enumerate().filter(move |(at, _)| at % 2 == odd).map(|(_, line)| *line);
    assert_eq!(told, events([every(1).collect(), every(0).collect()]));
}
