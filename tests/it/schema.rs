//! What is written as JSON is as `gardener schema` says, to the last key.

use std::{collections::BTreeSet, fs};

use serde_json::Value;

use super::support::{Garden, data, text};

fn schema(garden: &Garden, kind: &str) -> Value {
    let output = garden.gardener(&["schema", kind]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// What is wrong with a document; a key that the schema does not name is wrong too.
fn faults(schema: &Value, document: &Value) -> Vec<String> {
    let mut faults = Vec::new();
    Check { root: schema }.value(schema, document, "$", &mut faults);
    faults
}

struct Check<'a> {
    root: &'a Value,
}

impl Check<'_> {
    fn value(&self, schema: &Value, value: &Value, path: &str, faults: &mut Vec<String>) {
        if let Some(name) = schema.get("$ref").and_then(Value::as_str) {
            let pointer = name.strip_prefix('#').unwrap();
            return self.value(self.root.pointer(pointer).unwrap(), value, path, faults);
        }
        if let Some(any) = schema.get("anyOf").and_then(Value::as_array) {
            let of_each = any.iter().map(|schema| {
                let mut faults = Vec::new();
                self.value(schema, value, path, &mut faults);
                faults
            });
            let least = of_each.min_by_key(Vec::len).unwrap();
            return faults.extend(least);
        }
        if let Some(kinds) = schema.get("type") {
            let kinds: Vec<&str> = kinds.as_str().map_or_else(
                || kinds.as_array().unwrap().iter().filter_map(Value::as_str).collect(),
                |kind| vec![kind],
            );
            if !kinds.iter().any(|kind| is_a(value, kind)) {
                return faults.push(format!("{path} is no {}: {value}", kinds.join(" or ")));
            }
        }
        if schema.get("minimum").is_some_and(|_| value.as_i64().is_some_and(|number| number < 0)) {
            faults.push(format!("{path} is below 0"));
        }
        if schema.get("enum").is_some_and(|words| !words.as_array().unwrap().contains(value)) {
            faults.push(format!("{path} is none of the words: {value}"));
        }
        let time = value.as_str().filter(|_| schema["format"] == "date-time");
        if let Some(time) = time.filter(|time| time.parse::<jiff::Timestamp>().is_err()) {
            faults.push(format!("{path} is no time: {time}"));
        }
        if let (Some(items), Some(values)) = (schema.get("items"), value.as_array()) {
            for (at, value) in values.iter().enumerate() {
                self.value(items, value, &format!("{path}[{at}]"), faults);
            }
        }
        if let (Some(properties), Some(map)) = (schema.get("properties"), value.as_object()) {
            for (key, value) in map {
                match properties.get(key) {
                    Some(schema) => self.value(schema, value, &format!("{path}.{key}"), faults),
                    None => faults.push(format!("{path}.{key} is not in the schema")),
                }
            }
            let missing = schema["required"].as_array().unwrap().iter().filter_map(Value::as_str);
            faults.extend(missing.filter(|key| !map.contains_key(*key)).map(|key| format!("{path}.{key} is missing")));
        }
    }
}

fn is_a(value: &Value, kind: &str) -> bool {
    match kind {
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        "null" => value.is_null(),
        other => panic!("no kind is called {other}"),
    }
}

fn assert_valid(schema: &Value, document: &Value, what: &str) {
    let faults = faults(schema, document);
    assert!(faults.is_empty(), "{what}: {} faults\n{}", faults.len(), faults[..faults.len().min(20)].join("\n"));
}

fn printed(garden: &Garden, arguments: &[&str]) -> Value {
    let output = garden.gardener(arguments);
    assert!(output.status.success(), "{arguments:?}\n{}", text(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

fn check_archive(export: &str) {
    let config = data("gardener.toml");
    let garden = Garden::of(&[export], &["--config", &config, "--format", "json"]);
    assert!(garden.gardener(&["history", "--config", &config, "--format", "json"]).status.success());
    let worklog = schema(&garden, "worklog");
    let mut count = 0;
    for entry in fs::read_dir(garden.path("worklogs")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|ending| ending == "json") {
            let document: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
            assert_eq!(document["document_version"], 3);
            assert_valid(&worklog, &document, &path.display().to_string());
            count += 1;
        }
    }
    assert!(count > 1);
    let brief = printed(&garden, &["brief", "--format", "json", "--config", &config]);
    assert_valid(&schema(&garden, "brief"), &brief, "brief");
    assert_eq!(brief[0]["document_version"], 1);
    let pattern = schema(&garden, "pattern");
    for row in garden.query("select pattern_id from patterns order by entry_count desc, pattern_id limit 8") {
        let id = row["pattern_id"].as_str().unwrap();
        assert_valid(&pattern, &printed(&garden, &["show", id, "--format", "json", "--config", &config]), id);
    }
}

#[test]
fn the_json_of_the_sample_is_as_its_schemas_say() {
    check_archive("sample.ndjson");
}

#[test]
fn the_json_of_the_incident_is_as_its_schemas_say() {
    check_archive("incident.json");
}

#[test]
fn a_comparison_is_as_its_schema_says() {
    let config = data("gardener.toml");
    let garden = Garden::of(&["sample.ndjson"], &["--config", &config, "--format", "json"]);
    let schema = schema(&garden, "comparison");
    for sides in [["previous", "latest"], ["2025-09-13", "2025-09-14"]] {
        let document =
            printed(&garden, &["compare", sides[0], sides[1], "--format", "json", "--all", "--config", &config]);
        assert_eq!(document["document_version"], 1);
        assert!(!document["pairs"][0]["changes"].as_array().unwrap().is_empty());
        assert_valid(&schema, &document, sides[0]);
    }
}

#[test]
fn a_key_more_a_key_less_and_another_kind_are_faults() {
    let garden = Garden::new();
    let schema = schema(&garden, "comparison");
    let document = serde_json::json!({
        "document_version": 1, "left_out": [], "least_severity": "NOTICE", "shows_all": "yes", "lists_patterns": false, "pears": [],
    });
    let found = faults(&schema, &document);
    assert_eq!(found, ["$.shows_all is no boolean: \"yes\"", "$.pears is not in the schema", "$.pairs is missing"]);
}

/// Whether a key is a time or a length of time has to be decided when it comes.
#[test]
fn each_key_of_nanoseconds_is_a_time_or_a_length_of_time() {
    const LENGTHS: &str = "after_median_ns before_median_ns ends_within_ns greatest_lag_ns greatest_latency_ns http_latency_ns \
        lag_ns least_lag_ns least_latency_ns length_ns median_latency_ns pause_ns slot_ns slow_median_ns span_ns starts_within_ns";
    let garden = Garden::new();
    let (mut keys, mut times) = (BTreeSet::new(), BTreeSet::new());
    for kind in ["worklog", "comparison", "brief", "pattern"] {
        let schema = schema(&garden, kind);
        for definition in schema["$defs"].as_object().unwrap().values() {
            let properties = definition["properties"].as_object().unwrap();
            for key in properties.keys().filter(|key| key.ends_with("_ns")) {
                keys.insert(key.clone());
                if properties.contains_key(&format!("{}_at", key.trim_end_matches("_ns"))) {
                    times.insert(key.clone());
                }
            }
        }
    }
    let lengths: Vec<&str> = keys.difference(&times).map(String::as_str).collect();
    assert_eq!(lengths, LENGTHS.split_whitespace().collect::<Vec<_>>());
}
