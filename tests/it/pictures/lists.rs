//! Lists, closer looks and answers to queries: in each format, at two widths of a terminal, and in colours.

use std::process::Output;

use super::{
    super::support::{Garden, project, text},
    Archive, INCIDENT, SAMPLE, command, gardener, picture, seen, shown, snapshot_name,
};

const FORMATS: [&str; 4] = ["table", "markdown", "json", "csv"];
const ROWS: &str = "select severity, count(*) as entries, min(entry_at) as first_at, [1, null] as list, {'a': 1.5} as struct \
                    from entries group by all order by all";

/// The first cluster's id and the commonest pattern's.
fn ids(archive: &Archive) -> [String; 2] {
    [("clusters", "cluster_id"), ("patterns", "pattern_id")].map(|(list, id)| {
        let rows = gardener(&archive.garden, &[list, "--format", "json"]).stdout;
        let rows: serde_json::Value = serde_json::from_slice(&rows).unwrap();
        rows[0][id].as_str().unwrap().to_owned()
    })
}

fn picture_lists(archive: &Archive) {
    for format in FORMATS {
        archive.picture_of(&["clusters", "--format", format]);
        archive.picture_of(&["patterns", "--limit", "20", "--format", format]);
    }
    archive.picture_of(&["clusters", "--last", "2h", "--tz", "Europe/Berlin"]);
    archive.picture_of(&["patterns", "--severity", "warning"]);
    for (name, id) in ["cluster", "pattern"].iter().zip(ids(archive)) {
        for format in ["text", "json"] {
            let look = seen(&archive.garden, &["show", &id, "--format", format]);
            picture(archive.name, &format!("show-{name}-{format}"), &look);
        }
    }
    for format in ["table", "markdown", "json", "ndjson", "csv"] {
        picture(archive.name, &format!("sql-{format}"), &seen(&archive.garden, &["sql", "--format", format, ROWS]));
    }
    let garden = archive.copy();
    for format in FORMATS {
        let arguments = ["rules", "check", "--format", format];
        picture(archive.name, &snapshot_name(&arguments), &seen(&garden, &arguments));
    }
}

#[test]
fn lists_of_the_sample() {
    picture_lists(&SAMPLE);
}

#[test]
fn lists_of_the_incident() {
    picture_lists(&INCIDENT);
}

#[test]
fn queries_that_are_built_in() {
    for format in FORMATS {
        SAMPLE.picture_of(&["queries", "--format", format]);
    }
    let list = gardener(&SAMPLE.garden, &["queries", "--format", "json"]).stdout;
    let list: Vec<serde_json::Value> = serde_json::from_slice(&list).unwrap();
    for query in &list {
        let name = query["query"].as_str().unwrap();
        let values: &str = match query["takes"].as_str().unwrap() {
            "trace" => "trace=24dcfecb0e2f31348054e3bfe8b082a3",
            "text" => "text=NOT authenticated",
            "pattern" => "pattern=c0e2k",
            _ => "",
        };
        let given = if values.is_empty() { vec![] } else { vec!["--param", values] };
        let look = seen(&SAMPLE.garden, &[&["queries", name], &given[..]].concat());
        picture("sample", &format!("queries-{name}"), &look);
    }
    picture("sample", "queries-show", &seen(&SAMPLE.garden, &["queries", "quiet_hours", "--show"]));
}

/// With a terminal of so many columns on standard output.
fn at_terminal(garden: &Garden, columns: &str, has_colours: bool, arguments: &[&str]) -> String {
    let mut command = command(garden, "python3");
    command.arg(project().join("tests/it/programs/terminal.py")).arg(columns);
    command.arg(assert_cmd::cargo::cargo_bin!("gardener")).args(arguments).env("TERM", "xterm-256color");
    if !has_colours {
        command.env("NO_COLOR", "1");
    }
    let output: Output = command.output().unwrap();
    assert!(output.status.success(), "{}", text(&output.stderr));
    shown(garden, arguments, &output).replace('\u{1b}', "␛")
}

#[test]
fn lists_at_a_terminal() {
    for archive in [&*SAMPLE, &*INCIDENT] {
        let garden = archive.copy();
        let [cluster, _] = ids(archive);
        let looks: [(&str, &[&str]); 10] = [
            ("gardener", &[]),
            ("help", &["--help"]),
            ("clusters", &["clusters"]),
            ("patterns", &["patterns", "--limit", "20"]),
            ("show", &["show", &cluster]),
            ("compare", &["compare", "previous", "latest"]),
            ("queries", &["queries"]),
            ("rules-check", &["rules", "check"]),
            ("issues-plan", &["issues", "plan", "--existing", "none.json"]),
            ("sql", &["sql", "select severity, message, entry_at, revision from entries order by entry_at limit 9"]),
        ];
        for (name, arguments) in looks {
            for columns in ["80", "140"] {
                let look = at_terminal(&garden, columns, false, arguments);
                picture(&format!("{}/{columns}", archive.name), name, &look);
            }
            if archive.name == "sample" {
                picture("sample/coloured", name, &at_terminal(&garden, "100", true, arguments));
            }
        }
    }
}
