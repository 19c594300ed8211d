//! Entries that once made the program fail or say something wrong, each with what is right.

use serde_json::{Value, json};

use super::support::{Garden, text};

/// An entry of Cloud Run, with other members put in.
fn entry(id: &str, members: Value) -> Value {
    let mut entry = json!({
        "timestamp": "2025-09-12T10:00:00Z", "severity": "ERROR", "insertId": id,
        "logName": "projects/p/logs/run.googleapis.com%2Fstderr",
        "resource": {"type": "cloud_run_revision", "labels": {
            "project_id": "p", "location": "eu", "service_name": "api", "revision_name": "api-00001-abc",
        }},
    });
    for (key, value) in members.as_object().unwrap() {
        entry[key] = value.clone();
    }
    entry
}

fn lines(entries: &[Value]) -> String {
    entries.iter().map(|entry| format!("{entry}\n")).collect()
}

fn load(garden: &Garden, name: &str, content: &str) {
    garden.write(name, content);
    let output = garden.gardener(&["load", name]);
    assert!(output.status.success(), "{name}: {}", text(&output.stderr));
}

fn succeed(garden: &Garden, arguments: &[&str]) -> String {
    let output = garden.gardener(arguments);
    assert!(output.status.success(), "{arguments:?}: {}", text(&output.stderr));
    text(&output.stdout)
}

#[test]
fn one_odd_entry_stops_nothing() {
    let garden = Garden::new();
    let with_service = |id: &str, name: &str, members: Value| {
        let mut entry = entry(id, members);
        entry["resource"]["labels"]["service_name"] = name.into();
        entry
    };
    let entries = [
        // a request of which only the status is known, and one without a method
        entry("request", json!({"textPayload": "boom", "httpRequest": {"status": 500}})),
        entry("url", json!({"httpRequest": {"requestUrl": "https://x/y", "status": 500}})),
        // numbers that are none, and too large
        entry("index", json!({"textPayload": "x", "split": {"uid": "u", "index": "x", "totalSplits": 2}})),
        entry("minus", json!({"textPayload": "x", "split": {"uid": "u", "index": -1, "totalSplits": 2}})),
        entry(
            "latency",
            json!({"httpRequest": {"requestUrl": "/x", "status": 500, "latency": {"seconds": 9_000_000_000_u64}}}),
        ),
        // centuries away
        entry("past", json!({"textPayload": "old", "timestamp": "1970-01-01T00:00:00Z"})),
        entry("future", json!({"textPayload": "new", "timestamp": "2199-12-31T23:59:59Z"})),
        // names of files have a limit; a name may hold a secret
        with_service("long", &"s".repeat(400), json!({"textPayload": "boom"})),
        with_service("secret", "password=hunter2", json!({"textPayload": "boom"})),
    ];
    load(&garden, "odd.ndjson", &lines(&entries));
    // a client's dump that notes a start and no end
    let dump =
        json!({"time_range": {"start": "2025-09-12T00:00:00Z"}, "logs": [entry("dump", json!({"textPayload": "x"}))]});
    load(&garden, "dump.json", &dump.to_string());
    succeed(&garden, &["build"]);
    let written = succeed(&garden, &["worklog", "--last", "90000d", "--format", "md,html,json"]);
    assert!(!written.contains("hunter2"), "{written}");
    assert_eq!(written.lines().filter(|path| path.contains("WORKLOG")).count(), 3, "{written}");
    succeed(
        &garden,
        &["history", "--from", "2025-09-11", "--to", "2025-09-13", "--out", "days", "--format", "md,html"],
    );
    let index = std::fs::read_to_string(garden.path("days/index.html")).unwrap();
    assert!(!index.contains("hunter2") && index.contains("WORKLOG"), "{index}");
    for link in index.split("href=\"").skip(1).filter_map(|rest| rest.split(['"', '#']).next()) {
        let is_file = !link.is_empty() && !link.contains(':');
        assert!(!is_file || garden.path("days").join(link).is_file(), "{link}");
    }
    for folder in ["days", "worklogs", "days/clusters", "days/revisions"] {
        for entry in std::fs::read_dir(garden.path(folder)).unwrap() {
            let name = entry.unwrap().file_name().into_string().unwrap();
            assert!(!name.contains("hunter2"), "{name}");
        }
    }
    assert_eq!(garden.number("select count(*) from entries"), entries.len() as i64 + 1);
}

/// A divisor of nothing, and numbers that JSON lacks, in what a comparison counts.
#[test]
fn what_is_divided_by_nothing_is_not_known() {
    let garden = Garden::new();
    load(&garden, "one.ndjson", &lines(&[entry("a", json!({"textPayload": "boom"}))]));
    let rows = garden.query("select 1.0::double / 0 as a, 0::double / 0 as b, 1 // 0 as c, 1 % 0 as d");
    assert_eq!(rows[0], json!({"a": null, "b": null, "c": null, "d": null}));
}

#[test]
fn a_table_with_nulls_names_the_service() {
    let garden = Garden::new();
    let mut nulls = entry("a", json!({"textPayload": "boom", "timestamp": "2025-09-12 10:00:00"}));
    let labels = &mut nulls["resource"]["labels"];
    (labels["job_name"], labels["configuration_name"]) = (Value::Null, "".into());
    let level =
        entry("b", json!({"jsonPayload": {"message": "boom", "level": "error", "levelname": null, "severity": "?"}}));
    load(&garden, "table.json", &json!([nulls, level]).to_string());
    succeed(&garden, &["build"]);
    assert_eq!(garden.query("select distinct service from entries"), [json!({"service": "api"})]);
    assert_eq!(garden.query("select level from entries where insert_id = 'b'"), [json!({"level": "ERROR"})]);
}

/// BigQuery keeps microseconds, other exports have nanoseconds.
#[test]
fn an_entry_of_microseconds_is_that_of_nanoseconds() {
    let exact = entry("a", json!({"timestamp": "2025-09-12T10:00:00.123456789Z", "textPayload": "boom"}));
    let table = entry("a", json!({"timestamp": "2025-09-12 10:00:00.123456 UTC", "textPayload": "boom"}));
    let times = "select epoch_ns(entry_at) % 1000000000 as ns from raw_entries order by all";
    for order in [[&exact, &table], [&table, &exact]] {
        let garden = Garden::new();
        load(&garden, "first.ndjson", &lines(&[order[0].clone()]));
        load(&garden, "second.ndjson", &lines(&[order[1].clone()]));
        assert_eq!(garden.query(times), [json!({"ns": 123_456_789})]);
        assert_eq!(garden.number("select sum(duplicates)::bigint from files"), 1);
    }
    // two entries within one microsecond are two, and a third of microseconds is one of them
    let garden = Garden::new();
    let other = entry("a", json!({"timestamp": "2025-09-12T10:00:00.123456790Z", "textPayload": "boom"}));
    load(&garden, "all.ndjson", &lines(&[table, other, exact]));
    assert_eq!(garden.query(times), [json!({"ns": 123_456_789}), json!({"ns": 123_456_790})]);
}

/// Functions have a set of labels for each execution: no index of them is held in memory. What App Engine says twice makes
/// no set.
#[test]
fn labels_of_each_request_cost_no_memory() {
    let garden = Garden::new();
    let request = |number: usize| {
        entry(
            &format!("r{number}"),
            json!({
                "textPayload": "served", "trace": format!("projects/p/traces/{number:032x}"),
                "labels": {"appengine.googleapis.com/trace_id": format!("{number:032x}"), "clone_id": "c"},
            }),
        )
    };
    load(&garden, "requests.ndjson", &lines(&(0..200).map(request).collect::<Vec<_>>()));
    assert_eq!(garden.query("select labels from label_sets"), [json!({"labels": "{\"clone_id\":\"c\"}"})]);
    let keys =
        "select count(*) from duckdb_constraints() where table_name = 'label_sets' and constraint_type <> 'NOT NULL'";
    assert_eq!(garden.number(keys), 0);
    // another trace than the entry's is kept
    let other = entry(
        "other",
        json!({"textPayload": "x", "trace": "t1", "labels": {"appengine.googleapis.com/trace_id": "t2"}}),
    );
    load(&garden, "other.ndjson", &lines(&[other]));
    assert_eq!(garden.number("select count(*) from label_sets"), 2);
}

#[test]
fn a_name_in_a_record_is_no_logger() {
    let garden = Garden::new();
    let entries = [
        entry("name", json!({"jsonPayload": {"message": "order failed", "name": "Alice"}})),
        // pino's levels are numbers
        entry("pino", json!({"severity": "DEFAULT", "jsonPayload": {"level": 50, "msg": "the pump is dry"}})),
        // only begin like a logger's keys
        entry("keys", json!({"jsonPayload": {"message": "valve shut", "timeout_ms": 12, "service_tier": "gold"}})),
    ];
    load(&garden, "records.ndjson", &lines(&entries));
    succeed(&garden, &["build"]);
    succeed(&garden, &["worklog"]);
    assert_eq!(garden.number("select count(*) from entries where call_module is not null"), 0);
    assert_eq!(garden.query("select level from entries where insert_id = 'pino'"), [json!({"level": "ERROR"})]);
    let worklog = &garden.worklogs()[0].1;
    for words in ["the pump is dry", "**Timeout Ms:** `12`", "**Service Tier:** `gold`"] {
        assert!(worklog.contains(words), "{words}: {worklog}");
    }
}

#[test]
fn copies_are_told_by_what_they_say() {
    let garden = Garden::new();
    // of two copies the one that names its resource stays
    let whole = entry("a", json!({"textPayload": "boom"}));
    let mut bare = whole.clone();
    bare.as_object_mut().unwrap().remove("resource");
    bare.as_object_mut().unwrap().remove("severity");
    for (name, copy) in [("bare.ndjson", &bare), ("whole.ndjson", &whole)] {
        load(&garden, name, &lines(std::slice::from_ref(copy)));
    }
    succeed(&garden, &["build"]);
    let kept = json!({"service": "api", "severity": "ERROR"});
    assert_eq!(garden.query("select service, severity from entries"), std::slice::from_ref(&kept));
    let other = Garden::new();
    for (name, copy) in [("whole.ndjson", &whole), ("bare.ndjson", &bare)] {
        load(&other, name, &lines(std::slice::from_ref(copy)));
    }
    succeed(&other, &["build"]);
    assert_eq!(other.query("select service, severity from entries"), [kept]);
}

#[test]
fn a_file_named_twice_is_one() {
    let garden = Garden::new();
    garden.write("a.ndjson", lines(&[entry("a", json!({"textPayload": "boom"}))]));
    succeed(&garden, &["load", "a.ndjson", "./a.ndjson", "*.ndjson", "."]);
    assert_eq!(garden.number("select count(*) from files"), 1);
}

#[test]
fn files_of_one_name_are_two_sides() {
    let garden = Garden::new();
    for day in [12, 13] {
        std::fs::create_dir(garden.path(&format!("day{day}"))).unwrap();
        let at = |hour: u32| format!("2025-09-{day}T{hour:02}:00:00Z");
        let entries: Vec<Value> = (8..12)
            .map(|hour| entry(&format!("{day}-{hour}"), json!({"timestamp": at(hour), "textPayload": "boom"})))
            .collect();
        load(&garden, &format!("day{day}/api.ndjson"), &lines(&entries));
    }
    succeed(&garden, &["build"]);
    let compared = succeed(&garden, &["compare", "day12/api", "day13/api", "--all", "--format", "json"]);
    assert!(compared.contains("day12/api.ndjson") && compared.contains("day13/api.ndjson"), "{compared}");
}

/// A link stays one, and what it leads to is written.
#[cfg(unix)]
#[test]
fn a_link_is_written_through() {
    let garden = Garden::new();
    load(&garden, "one.ndjson", &lines(&[entry("a", json!({"textPayload": "boom"}))]));
    garden.write("real.csv", "old");
    std::os::unix::fs::symlink("real.csv", garden.path("rows.csv")).unwrap();
    succeed(&garden, &["sql", "-o", "rows.csv", "select 1 as a"]);
    assert!(garden.path("rows.csv").is_symlink());
    assert_eq!(std::fs::read_to_string(garden.path("real.csv")).unwrap(), "a\n1\n");
}

/// In fractions of a second for each thousand, where a statement for each row took minutes for all.
#[test]
fn thousands_of_pieces_are_joined() {
    let garden = Garden::new();
    let piece = |number: usize| {
        let split = json!({"uid": format!("u{}", number / 2), "index": number % 2, "totalSplits": 2});
        entry(&format!("p{number}"), json!({"textPayload": format!("part {} ", number % 2), "split": split}))
    };
    load(&garden, "pieces.ndjson", &lines(&(0..20_000).map(piece).collect::<Vec<_>>()));
    succeed(&garden, &["build"]);
    assert_eq!(garden.number("select count(distinct event_id) from entries"), 10_000);
}

/// What one handler logs of several failures is several clusters.
#[test]
fn failures_of_one_handler_stay_apart() {
    let garden = Garden::new();
    let handled = |id: &str, second: usize, message: &str| {
        entry(
            id,
            json!({
                "timestamp": format!("2025-09-12T10:00:{second:02}Z"), "textPayload": message,
                "sourceLocation": {"file": "flask/app.py", "function": "log_exception", "line": "10"},
            }),
        )
    };
    let trace = |file: &str, error: &str| {
        format!("Traceback (most recent call last):\n  File \"/srv/{file}.py\", line 1, in {file}\n    x()\n{error}")
    };
    let entries = [handled("a", 1, &trace("a", "KeyError: 'tea'")), handled("b", 30, &trace("b", "TimeoutError: db"))];
    load(&garden, "handled.ndjson", &lines(&entries));
    succeed(&garden, &["build"]);
    assert_eq!(garden.number("select count(distinct cluster_id) from pattern_clusters"), 2);
}

/// A text that is said of many things joins only what comes with it.
#[test]
fn failures_that_end_in_the_same_words_stay_apart() {
    let garden = Garden::new();
    let said = |id: &str, hour: usize, text: &str| {
        entry(id, json!({"timestamp": format!("2025-09-12T{hour:02}:00:00Z"), "textPayload": text}))
    };
    let entries = [
        said("a", 10, "context deadline exceeded"),
        said("b", 10, "gave up: context deadline exceeded"),
        said("c", 12, "fetch user: context deadline exceeded"),
        said("d", 14, "publish event: context deadline exceeded"),
    ];
    load(&garden, "deadlines.ndjson", &lines(&entries));
    succeed(&garden, &["build"]);
    assert_eq!(garden.number("select count(distinct cluster_id) from pattern_clusters"), 3);
}

/// Eight lines of a trace are one error.
#[test]
fn lines_of_a_trace_count_once_for_the_priority() {
    let garden = Garden::new();
    let frame = |number: usize| format!("  File \"/srv/a.py\", line {number}, in f{number}\n    g()");
    let mut texts = vec!["Traceback (most recent call last):".to_owned()];
    texts.extend((1..7).map(frame));
    texts.push("KeyError: 'tea'".into());
    let line = |(number, said): (usize, &String)| {
        entry(
            &format!("l{number}"),
            json!({"timestamp": format!("2025-09-12T10:00:00.00{number}Z"), "severity": "DEFAULT", "textPayload": said, "labels": {"instanceId": "i"}}),
        )
    };
    let mut entries: Vec<Value> = texts.iter().enumerate().map(line).collect();
    entries.extend((0..100).map(|number| {
        entry(
            &format!("r{number}"),
            json!({
                "timestamp": format!("2025-09-12T09:{:02}:{:02}Z", number / 2, number % 2 * 30), "severity": "INFO",
                "logName": "projects/p/logs/run.googleapis.com%2Frequests",
                "httpRequest": {"requestMethod": "GET", "requestUrl": "https://x/a", "status": 200, "latency": "0.1s"},
            }),
        )
    }));
    load(&garden, "trace.ndjson", &lines(&entries));
    succeed(&garden, &["build"]);
    succeed(&garden, &["worklog"]);
    let worklog = garden.worklogs()[0].1.clone();
    assert!(worklog.contains("KeyError: 'tea'") && worklog.contains("(P2)") && !worklog.contains("(P1)"), "{worklog}");
}

#[test]
fn the_least_severity_is_that_of_the_configuration() {
    let garden = Garden::new();
    let said = |number: usize, severity: &str| {
        let said = json!({"severity": severity, "textPayload": format!("the {severity} of valve {number}"),
            "timestamp": format!("2025-09-12T10:{number:02}:00Z")});
        entry(&format!("{severity}{number}"), said)
    };
    let counts = [("INFO", 3), ("WARNING", 5), ("ERROR", 2)];
    let entries: Vec<Value> =
        counts.iter().flat_map(|(severity, count)| (0..*count).map(|number| said(number, severity))).collect();
    load(&garden, "some.ndjson", &lines(&entries));
    for (least, clustered) in [("ERROR", 2), ("WARNING", 7), ("INFO", 10)] {
        garden.write("gardener.toml", format!("version = 1\n[settings]\nminimum_severity = \"{least}\"\n"));
        succeed(&garden, &["build"]);
        succeed(&garden, &["worklog"]);
        let worklog = &garden.worklogs()[0].1;
        assert!(
            worklog.contains(&format!("{clustered} of {least} and above are in the clusters")),
            "{least}: {worklog}"
        );
    }
}

/// Without a blank to cut at.
#[test]
fn a_long_word_is_a_name() {
    let garden = Garden::new();
    let payload = json!({"error": "connection_refused", "host": "db-primary-1", "port": 5432, "retry": 3, "service": "payments", "code": "E1"});
    let url = format!("https://a.example/{}", "x".repeat(200));
    let entries = [entry("a", json!({"jsonPayload": payload})), entry("b", json!({"textPayload": format!("\n{url}")}))];
    load(&garden, "long.ndjson", &lines(&entries));
    succeed(&garden, &["build"]);
    succeed(&garden, &["worklog"]);
    let names = garden.query("select name from clusters");
    assert_eq!(names.len(), 2);
    for name in names {
        let name = name["name"].as_str().unwrap();
        assert!(!name.trim_matches(['…', ' ']).is_empty() && !name.starts_with('…'), "{name}");
    }
}
