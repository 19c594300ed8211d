//! Entries that are valid JSON and nothing that anybody expects, through the whole program: every field absent, null,
//! empty, of another type, huge or at its limits. Nothing may fail, and no entry may get lost.
//!
//! `STRANGE` says how many archives, `STRANGE_SEED` with which one to begin.

use serde_json::{Map, Value, json};

use super::support::{Garden, text};

struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        // SplitMix64, Steele et al. 2014
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut word = self.0;
        word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((word ^ (word >> 31)) % limit as u64) as usize
    }

    fn one_in(&mut self, count: usize) -> bool {
        self.below(count) == 0
    }

    fn of<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.below(list.len())]
    }
}

const RESOURCES: [&str; 14] = [
    "cloud_run_revision",
    "cloud_run_job",
    "cloud_function",
    "k8s_container",
    "k8s_pod",
    "k8s_node",
    "gae_app",
    "gce_instance",
    "cloudsql_database",
    "http_load_balancer",
    "dataflow_step",
    "build",
    "global",
    "nothing that is known",
];

const TEXTS: [&str; 16] = [
    "",
    " ",
    "\n",
    "boom",
    "Traceback (most recent call last):\n  File \"/srv/a.py\", line 1, in a\n    x()\nKeyError: 'tea'",
    "java.lang.IllegalStateException: no\n\tat a.B.c(B.java:1)\nCaused by: x.Y: z",
    "{\"message\":null,\"level\":[]}",
    "{{ service }} {% if %} <script>alert(1)</script>",
    "\u{1b}[31mred\u{1b}[0m \u{9d}\u{7} \u{202e}gnp",
    "' or 1=1; drop table entries; --",
    "| a | b |\n|---|---|\n```\n# heading",
    "{\n  code: 'ECONNREFUSED',\n  port: 5432\n}",
    "ERROR",
    "[2025-09-16 00:42:39 +0000] [13] [ERROR] Worker gone",
    "0 errors",
    "\u{fffd}\u{0}\u{feff}",
];

fn strange(random: &mut Random) -> Value {
    match random.below(16) {
        0 => Value::Null,
        1 => json!(""),
        2 => json!(0),
        3 => json!(-1),
        4 => json!(i64::MAX),
        5 => json!(u64::MAX),
        6 => json!(1e308),
        7 => json!(true),
        8 => json!([]),
        9 => json!({}),
        10 => json!([[[[{"a": [null]}]]]]),
        11 => json!("x".repeat(70_000)),
        12 => json!("9".repeat(400)),
        13 => json!({"": "", "a\"b": {"\u{0}": null}}),
        _ => json!(random.of(&TEXTS)),
    }
}

/// Mostly what belongs there, at times nothing, at times something strange.
fn put(random: &mut Random, object: &mut Map<String, Value>, key: &str, usual: Value) {
    match random.below(8) {
        0 => {}
        1 | 2 => {
            object.insert(key.to_owned(), strange(random));
        }
        _ => {
            object.insert(key.to_owned(), usual);
        }
    }
}

fn timestamp(random: &mut Random) -> Value {
    let odd = [
        "1700-01-01T00:00:00Z",
        "2262-04-11T23:47:16Z",
        "1970-01-01T00:00:00Z",
        "2199-12-31T23:59:59.999999999Z",
        "0001-01-01T00:00:00Z",
        "2025-09-16 10:00:00",
        "",
    ];
    if random.one_in(12) {
        return json!(random.of(&odd));
    }
    let (day, hour, minute, second) = (10 + random.below(6), random.below(24), random.below(60), random.below(60));
    json!(format!("2025-09-{day:02}T{hour:02}:{minute:02}:{second:02}.{:06}Z", random.below(1_000_000)))
}

fn labels(random: &mut Random, resource_type: &str) -> Value {
    let name = format!("s{}", random.below(3));
    let revision = format!("{name}-{:05}-abc", 1 + random.below(3));
    let mut labels = Map::new();
    put(random, &mut labels, "project_id", json!("p"));
    let location = json!(random.of(&["eu", "us"]));
    put(random, &mut labels, "location", location);
    for key in
        ["service_name", "job_name", "function_name", "module_id", "database_id", "url_map_name", "container_name"]
    {
        if random.one_in(3) || resource_type.starts_with("cloud_run") && key == "service_name" {
            put(random, &mut labels, key, json!(name));
        }
    }
    for key in ["revision_name", "version_id", "pod_name", "job_id", "instance_id"] {
        if random.one_in(2) {
            put(random, &mut labels, key, json!(revision));
        }
    }
    labels.into()
}

fn entry(random: &mut Random, number: usize) -> Value {
    let mut entry = Map::new();
    let resource_type = if random.one_in(2) { RESOURCES[0] } else { random.of(&RESOURCES) };
    let severities = ["DEFAULT", "DEBUG", "INFO", "NOTICE", "WARNING", "ERROR", "CRITICAL", "EMERGENCY"];
    entry.insert("timestamp".into(), timestamp(random));
    let received = timestamp(random);
    put(random, &mut entry, "receiveTimestamp", received);
    put(random, &mut entry, "insertId", json!(format!("i{number}")));
    let severity = json!(random.of(&severities));
    put(random, &mut entry, "severity", severity);
    let log = ["stdout", "stderr", "requests", "cloudaudit.googleapis.com%2Factivity", "varlog%2Fsystem"];
    let log = json!(format!("projects/p/logs/run.googleapis.com%2F{}", random.of(&log)));
    put(random, &mut entry, "logName", log);
    let mut resource = Map::new();
    put(random, &mut resource, "type", json!(resource_type));
    let of_resource = labels(random, resource_type);
    put(random, &mut resource, "labels", of_resource);
    put(random, &mut entry, "resource", resource.into());
    if random.one_in(2) {
        let mut labels = Map::new();
        for key in ["instanceId", "k8s-pod/app", "run.googleapis.com/execution_name", "execution_id"] {
            let value = json!(format!("00{}", random.below(4)));
            put(random, &mut labels, key, value);
        }
        put(random, &mut entry, "labels", labels.into());
    }
    if random.one_in(3) {
        let mut request = Map::new();
        put(random, &mut request, "requestMethod", json!("GET"));
        put(random, &mut request, "requestUrl", json!("https://x.example/a?b=c"));
        let status = json!(random.of(&[200, 404, 500, 503, 0, 70_000, -5]));
        put(random, &mut request, "status", status);
        let latency = json!(random.of(&["0.5s", "9000000000s", "-1s", "s", "0.0000000001s", "3600s"]));
        put(random, &mut request, "latency", latency);
        put(random, &mut request, "userAgent", json!("curl/8"));
        put(random, &mut entry, "httpRequest", request.into());
    }
    for (key, share) in [("textPayload", 2), ("jsonPayload", 3), ("protoPayload", 6), ("raw_payload", 12)] {
        if random.one_in(share) {
            let payload = payload(random, key);
            put(random, &mut entry, key, payload);
        }
    }
    for (key, usual) in [
        ("trace", json!("projects/p/traces/t1")),
        ("spanId", json!("0af7")),
        ("sourceLocation", json!({"file": "a.py", "line": "1", "function": "f"})),
        ("operation", json!({"id": "o", "first": true})),
        ("split", json!({"uid": "u", "index": 0, "totalSplits": 2})),
        ("errorGroups", json!([{"id": "x"}])),
        ("unheard of", json!({"a": 1})),
    ] {
        if random.one_in(5) {
            put(random, &mut entry, key, usual);
        }
    }
    if random.one_in(10) {
        let split = json!({"uid": strange(random), "index": strange(random), "totalSplits": strange(random)});
        entry.insert("split".into(), split);
    }
    entry.into()
}

fn payload(random: &mut Random, key: &str) -> Value {
    if key == "textPayload" {
        return json!(random.of(&TEXTS));
    }
    let mut payload = Map::new();
    for field in [
        "message",
        "msg",
        "level",
        "severity",
        "stack_trace",
        "user_id",
        "methodName",
        "resourceName",
        "logger",
        "labels",
        "time",
        "pid",
        "status",
        "error",
        "@type",
        "line",
        "latency",
    ] {
        if random.one_in(3) {
            let usual = json!(random.of(&TEXTS));
            put(random, &mut payload, field, usual);
        }
    }
    payload.into()
}

/// A command that has to come to its end; what it says is shown with the seed.
fn succeed(garden: &Garden, seed: u64, arguments: &[&str]) {
    let output = garden.gardener(arguments);
    assert!(output.status.success(), "seed {seed}: gardener {}\n{}", arguments.join(" "), text(&output.stderr));
}

fn try_archive(seed: u64) {
    let mut random = Random(seed);
    let count = 10 + random.below(60);
    let entries: Vec<Value> = (0..count).map(|number| entry(&mut random, number)).collect();
    let garden = Garden::new();
    let export = if seed.is_multiple_of(2) {
        entries.iter().map(|entry| format!("{entry}\n")).collect()
    } else {
        serde_json::to_string_pretty(&entries).unwrap()
    };
    std::fs::create_dir(garden.path("kept")).unwrap();
    garden.write("strange.json", export);
    let loaded = garden.gardener(&["load", "strange.json"]);
    // an archive of nothing but rejects is said to be none
    if !garden.path("garden.duckdb").exists() {
        return;
    }
    assert!(loaded.status.code().is_some_and(|code| code <= 2), "seed {seed}: {}", text(&loaded.stderr));
    let known = "select (select coalesce(sum(entries), 0) + coalesce(sum(rejects), 0) from files)::bigint as n";
    assert_eq!(garden.number(known), count as i64, "seed {seed}: entries and rejects are all that was given");
    if garden.number("select count(*) from raw_entries") == 0 {
        return;
    }
    succeed(&garden, seed, &["build"]);
    succeed(&garden, seed, &["worklog", "--format", "md,html,json", "--last", "2000d"]);
    succeed(&garden, seed, &["worklog", "--format", "json"]);
    succeed(&garden, seed, &["history", "--from", "2025-09-10", "--to", "2025-09-16", "--out", "days"]);
    succeed(&garden, seed, &["history", "--by", "revision", "--out", "revisions"]);
    garden.write("none.json", "[]");
    succeed(&garden, seed, &["issues", "plan", "--existing", "none.json", "--last", "2000d"]);
    let compared = garden.gardener(&["compare", "2025-09-10..2025-09-12", "2025-09-13..2025-09-15"]);
    let said = text(&compared.stderr);
    assert!(
        compared.status.success() || said.contains("no service has both sides") || said.contains("no entries"),
        "seed {seed}: {said}"
    );
    for command in ["clusters", "patterns"] {
        succeed(&garden, seed, &[command, "--format", "json"]);
    }
    let relations = "select coalesce(string_agg('select ''' || name || ''' as name, count(*) as n from (select * from \"' || name || '\" order by all)', ' union all '), '') as q from ( \
                     select table_name as name from duckdb_tables() union all select view_name from duckdb_views() where not internal)";
    let all = garden.query(relations)[0]["q"].as_str().unwrap().to_owned();
    succeed(&garden, seed, &["sql", "--format", "json", &all]);
}

#[test]
fn strange_entries_stop_nothing_and_are_all_accounted_for() {
    let number =
        |name: &str, otherwise: u64| std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(otherwise);
    let first = number("STRANGE_SEED", 1);
    for seed in first..first + number("STRANGE", 3) {
        try_archive(seed);
    }
}
