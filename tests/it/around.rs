//! What is around the work: a first configuration, rules checked, the user's own templates and models, manual pages.

use super::support::{AS_OF, Garden, data, project, text};

#[test]
fn a_first_configuration_is_written_once_and_read_by_itself() {
    let garden = Garden::of(&["incident.json"], &["--as-of", AS_OF]);
    let output = garden.gardener(&["init"]);
    assert_eq!(text(&output.stdout).trim(), "gardener.toml");
    let again = garden.gardener(&["init"]);
    assert_eq!(again.status.code(), Some(2));
    assert!(text(&again.stderr).contains("hint: `--force` overwrites it"), "{}", text(&again.stderr));
    let checked = garden.gardener(&["rules", "check", "--format", "json"]);
    assert!(checked.status.success(), "{}", text(&checked.stderr));
    // what is commented out is right too
    let written = std::fs::read_to_string(garden.path("gardener.toml")).unwrap();
    let bare = |line: &str| {
        let line = line.strip_prefix("# ").unwrap_or(line);
        let line = line.strip_prefix("# ").unwrap_or(line);
        let is_key =
            line.split_once(" = ").is_some_and(|(key, _)| key.bytes().all(|b| b.is_ascii_lowercase() || b == b'_'));
        (is_key || line.starts_with('[')).then(|| line.to_owned() + "\n")
    };
    let bare: String = written
        .lines()
        .filter_map(bare)
        .filter(|line| !line.contains("\"templates\"") && !line.contains("\"models\""))
        .collect();
    garden.write("gardener.toml", bare);
    let checked = garden.gardener(&["rules", "check"]);
    assert!(checked.status.success(), "{}", text(&checked.stderr));
    assert!(text(&checked.stderr).contains("1 rule of yours"), "{}", text(&checked.stderr));
}

#[test]
fn rules_are_told_with_what_they_match() {
    let garden = Garden::of(&["sample.ndjson"], &["--config", &data("gardener.toml"), "--as-of", AS_OF]);
    let output = garden.gardener(&["rules", "check", "--config", &data("gardener.toml"), "--format", "json"]);
    let rows: Vec<serde_json::Value> = serde_json::from_slice(&output.stdout).unwrap();
    let rule = |id: &str| rows.iter().find(|row| row["rule_id"] == id).unwrap();
    let counted = garden.number(
        "select count(*) from entries where service = 'orchard-backend-staging' \
         and message like '%Message loop error: WebSocket is not connected%' and severity_number >= 300",
    );
    assert_eq!(rule("websocket-message-loop")["entry_count"], counted);
    assert_eq!(rule("websocket-message-loop")["told_count"], counted);
}

#[test]
fn own_templates_and_models_stand_in_place_of_the_built_in_ones() {
    let garden = Garden::new();
    for folder in ["own/marts", "pages"] {
        std::fs::create_dir_all(garden.path(folder)).unwrap();
    }
    garden.write("gardener.toml", "version = 1\n[settings]\nmodels = \"own\"\ntemplates = \"pages\"\n");
    garden.write("own/by_service.sql", "select service, count(*) as entry_count from entries group by all");
    garden.write("pages/worklog.md", "# {{ service }}: {{ totals.entry_count }}");
    let output = garden.run(&["incident.json"], &["--as-of", AS_OF]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert_eq!(garden.number("select entry_count from by_service"), 106);
    assert!(garden.worklogs()[0].1.ends_with(": 106\n"), "{}", garden.worklogs()[0].1);
    let fails = |said: &str| {
        let output = garden.gardener(&["worklog"]);
        assert_eq!(output.status.code(), Some(2));
        assert!(text(&output.stderr).contains(said), "{}", text(&output.stderr));
    };
    garden.write("own/marts/clusterz.sql", "select 1");
    fails("did you mean `marts/clusters.sql`?");
    std::fs::remove_file(garden.path("own/marts/clusterz.sql")).unwrap();
    garden.write("own/worklogs.sql", "select 1 as one");
    fails("has the name of an existing table");
    std::fs::remove_file(garden.path("own/worklogs.sql")).unwrap();
    garden.write("own/by_service.sql", "select nothing_here from entries");
    fails("sql/by_service.sql:1: Binder Error");
    garden.write("own/by_service.sql", "select 1 as one");
    garden.write("pages/worklog.md", "{% for x in %}");
    fails("cannot read your template `worklog.md`");
}

#[test]
fn a_column_that_ones_own_query_lacks_is_named() {
    let garden = Garden::new();
    std::fs::create_dir_all(garden.path("own/report")).unwrap();
    garden.write("gardener.toml", "version = 1\n[settings]\nmodels = \"own\"\n");
    let totals = std::fs::read_to_string(project().join("sql/report/totals.sql")).unwrap();
    garden.write("own/report/totals.sql", totals.replace("\nfrom minutes", ",\n    42 as answer\nfrom minutes"));
    let output = garden.run(&["incident.json"], &["--as-of", AS_OF, "--format", "json"]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let name = garden.worklogs()[0].0.replace(".md", ".json");
    let worklog = std::fs::read_to_string(garden.path(&format!("worklogs/{name}"))).unwrap();
    assert!(worklog.contains(r#""answer":42"#), "a column more is handed on");
    let fails = |own: String, said: &str| {
        garden.write("own/report/totals.sql", own);
        let output = garden.gardener(&["worklog"]);
        assert_eq!(output.status.code(), Some(2));
        assert!(text(&output.stderr).contains(said), "{}", text(&output.stderr));
    };
    let head = "error: no worklog of `ferry-api`\ncaused by: failed to read the rows of `totals`\n\
                caused by: sql/report/totals.sql: ";
    fails(totals.replace("as minute_count", "as minutes"), &format!("{head}no column `minute_count`"));
    fails(
        totals.replace("count(distinct minute) as", "count(distinct minute)::varchar as"),
        &format!("{head}column `minute_count`: invalid type: string"),
    );
}

#[test]
fn without_a_command_the_next_step_is_said() {
    let garden = Garden::new();
    assert!(text(&garden.gardener(&[]).stdout).contains("gardener run EXPORTS..."));
    garden.run(&["incident.json"], &["--as-of", AS_OF]);
    let said = text(&garden.gardener(&[]).stdout);
    assert!(said.contains("gardener clusters") && said.contains("106 entries of 1 file"), "{said}");
}

#[test]
fn completions_manual_and_version_are_there() {
    let garden = Garden::new();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let output = garden.gardener(&["completions", shell]);
        assert!(text(&output.stdout).contains("history"), "{shell}");
    }
    assert!(garden.gardener(&["man", "--out", "man"]).status.success());
    assert!(garden.path("man/gardener-compare.1").is_file());
    let version = text(&garden.gardener(&["--version"]).stdout);
    assert!(version.starts_with(&format!("gardener {} (DuckDB ", env!("CARGO_PKG_VERSION"))), "{version}");
}

#[test]
fn queries_are_explained_and_names_guessed() {
    let garden = Garden::of(&["sample.ndjson"], &["--as-of", AS_OF]);
    let explained = garden.gardener(&["patterns", "--limit", "1", "--explain"]);
    assert!(text(&explained.stderr).contains("-- sql/show/patterns.sql\n"), "{}", text(&explained.stderr));
    let guessed = garden.gardener(&["clusters", "--service", "orchard-bakend"]);
    assert!(text(&guessed.stderr).contains("did you mean `orchard-backend-staging`?"), "{}", text(&guessed.stderr));
}
