//! That messages of one group are of one shape, whatever engine makes them coarse.

use proptest::{prelude::*, string::string_regex};
use regex::Regex;

use super::dialect::expression;
use crate::{
    ingest::level::declared,
    mine::{Miner, pattern::requests},
};

/// The replacements that a macro makes, as it sends them, innermost first.
struct Replacements(Vec<(Regex, String)>);

impl Replacements {
    fn of(call: &str) -> Self {
        let sql = expression("duckdb", call).expect("the macro is rendered");
        let calls = Regex::new(r"'([^']*)', '([^']*)', 'g'\)").expect("a regex");
        let pairs = calls
            .captures_iter(&sql)
            .map(|found| (Regex::new(&found[1]).expect("a regex of a macro"), found[2].replace("\\1", "${1}")));
        Self(pairs.collect())
    }

    fn apply(&self, text: &str) -> String {
        self.0.iter().fold(text.to_owned(), |text, (pattern, to)| pattern.replace_all(&text, to.as_str()).into_owned())
    }
}

/// Messages made of what programs write, and of what they do not.
fn messages() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        4 => string_regex("[a-zA-Z_é🔴]{1,8}").expect("a regex"),
        3 => string_regex("[0-9]{1,12}").expect("a regex"),
        2 => string_regex("[0-9a-f]{7,40}").expect("a regex"),
        2 => string_regex("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}").expect("a regex"),
        1 => string_regex("20[0-9]{2}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}:[0-9]{2}[.,][0-9]{3}Z?").expect("a regex"),
        1 => string_regex("[0-9]{1,3}\\.[0-9]{1,3}\\.[0-9]{1,3}\\.[0-9]{1,3}(:[0-9]{2,5})?").expect("a regex"),
        1 => string_regex("v[0-9]{1,2}|core\\.[0-9]{2}|[0-9]{2,5}ms|0x[0-9a-f]{4,16}|[0-9]+%").expect("a regex"),
        1 => Just("ERROR".to_owned()), 1 => Just("Jun".to_owned()), 1 => Just("status".to_owned()),
        6 => string_regex("[ :=,/.\\-_\\[\\](){}<>'\"#@%|;\\\\]{1,2}").expect("a regex"),
    ];
    prop::collection::vec(part, 1..14).prop_map(|parts| parts.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(
        std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(20_000)
    ))]

    #[test]
    fn messages_alike_when_coarse_have_one_shape(message in messages()) {
        let coarse = Replacements::of("coarse(\"x\")").apply(&message);
        let (mut one, mut other) = (Miner::new(), Miner::new());
        let (found, wanted) = (one.mine(&coarse), other.mine(&message));
        prop_assert_eq!((found.id, found.kind, found.text), (wanted.id, wanted.kind, wanted.text), "{:?}", coarse);
    }

    #[test]
    fn requests_alike_when_coarse_have_one_shape(
        url in "(https?://[a-z0-9.]{1,12})?(/[a-z0-9._%-]{0,9}){0,14}/?([?#][a-z0-9=&/?]{0,9})?",
        method in "GET|POST",
    ) {
        let path = Replacements::of("coarse_path(\"x\")");
        let without_query = path.0[0].0.replace_all(&url, "").into_owned();
        let doubled = without_query.replace('/', "//") + "/";
        let coarse = Replacements(path.0[1..].to_vec()).apply(&doubled);
        let single = coarse.strip_suffix('/').unwrap_or(&coarse).replace("//", "/");
        prop_assert_eq!(requests::shape(&method, &single, Some(200)), requests::shape(&method, &without_query, Some(200)));
    }
}

/// Found by the test above: the first letter of a key is the last digit of what stands before it.
#[test]
fn a_key_behind_hexadecimal_digits_is_none() {
    let coarse = Replacements::of("coarse(\"x\")");
    for message in ["aaaa0a00-a0a0-0a00-aaaa-0a00a0a00000ERROR='é'", "0a00a00ERROR='é'", "user0a00a00: error='é'"] {
        let (mut one, mut other) = (Miner::new(), Miner::new());
        assert_eq!(one.mine(&coarse.apply(message)).text, other.mine(message).text, "{message}");
    }
}

#[test]
fn a_level_is_the_same_however_a_line_is_numbered() {
    let coarse = Replacements::of("coarse(\"x\")");
    let lines = [
        "[2025-09-16 00:42:39 +0000] [13] [ERROR] Worker 7 gone",
        "2025-09-16 10:00:00,123 - app.db2 - ERROR - lost 3",
        "ERROR:    start 12 failed",
        "time=2025 level=warn msg=slow",
    ];
    for line in lines {
        assert_eq!(declared(&coarse.apply(line)), declared(line), "{line}");
    }
}

/// What is at hand: DuckDB always, the others where the environment names a server.
fn engines() -> Vec<(&'static str, Box<dyn super::Engine>)> {
    let mut found = vec![super::connect("duckdb", &super::Options::default()).expect("DuckDB is inside")];
    for (name, variable) in [("sail", "GARDENER_TEST_SAIL"), ("bigquery", "GARDENER_TEST_BIGQUERY")] {
        let Ok(url) = std::env::var(variable) else {
            assert!(std::env::var_os("GARDENER_TEST_ENGINES").is_none(), "no server in {variable}");
            eprintln!("SKIPPED for {name}: no server in {variable}");
            continue;
        };
        let options = super::Options {
            url: Some(url),
            project: Some("test".into()),
            max_bytes_billed: super::BILLED_BYTES,
            ..super::Options::default()
        };
        match super::connect(name, &options) {
            Ok(found_engine) => found.push(found_engine),
            Err(error) => assert!(error.to_string().contains("was built without"), "{error:#}"),
        }
    }
    found
}

/// The values of expressions, each as text.
fn values(name: &str, engine: &mut dyn super::Engine, calls: &[String]) -> Vec<Option<String>> {
    use arrow::{
        array::{Array, AsArray},
        compute::cast,
        datatypes::{DataType, Int64Type},
    };
    let rows = calls.iter().enumerate().map(|(at, call)| {
        let value = expression(name, &format!("as_text({call})")).expect("the macro is rendered");
        format!("select {at} as place, {value} as value")
    });
    let sql = rows.collect::<Vec<_>>().join(" union all ");
    let mut found = vec![None; calls.len()];
    engine
        .query(&sql, &mut |batch| {
            let places = cast(batch.column(0), &DataType::Int64)?;
            let texts = cast(batch.column(1), &DataType::Utf8)?;
            for row in 0..batch.num_rows() {
                let place = places.as_primitive::<Int64Type>().value(row) as usize;
                found[place] = texts.is_valid(row).then(|| texts.as_string::<i32>().value(row).to_owned());
            }
            Ok(())
        })
        .expect("the engine answers");
    found
}

/// A text as an argument of a macro that takes SQL.
fn sql_text(text: &str) -> String {
    format!("literal({})", serde_json::Value::from(text))
}

#[test]
fn macros_mean_the_same_on_each_engine() {
    let cases = [
        (format!("digest({})", sql_text("x")), Some("9dd4e461268c8034f5c8564e155c67a6")),
        (
            format!(
                "digest(joined([{}, \"cast(null as \" ~ ('string' if dialect != 'duckdb' else 'varchar') ~ \")\", {}]))",
                sql_text("a"),
                sql_text("b")
            ),
            Some("1d6d3d7fcb6131f10f6d195ddec3b218"),
        ),
        ("whole(\"1757637158690264000\", \"60000000000\")".to_owned(), Some("29293952")),
        ("latency_step(\"0\")".to_owned(), Some("0")),
        ("latency_step(\"13368\")".to_owned(), Some("99")),
        (format!("as_number({})", sql_text("42")), Some("42")),
        (format!("as_number({})", sql_text("x")), None),
        (sql_text(r"it's a \ and a 'quote'"), Some(r"it's a \ and a 'quote'")),
        (format!("replace_all({}, \"([a-z])[0-9]+\", \"\\\\1-\")", sql_text("a12 b3")), Some("a- b-")),
    ];
    // JSON, times and durations are texts in files only
    let json = r#"{"a":{"b":"x"},"n":7,"o":{}}"#;
    let in_files = [
        ("text_at", json, ", \"$.a.b\"", Some("x")),
        ("text_at", json, ", \"$.n\"", Some("7")),
        ("text_at", json, ", \"$.none\"", None),
        ("text_at", "no JSON", ", \"$.a\"", None),
        ("nanoseconds", "2025-10-06T09:41:23.705171123+02:00", "", Some("1759736483705171123")),
        ("nanoseconds", "2025-10-06T09:41:23Z", "", Some("1759743683000000000")),
        ("nanoseconds", "2025-10-06 09:41:23.7 UTC", "", Some("1759743683700000000")),
        ("nanoseconds", "9999-12-31T00:00:00Z", "", None),
        ("nanoseconds", "soon", "", None),
        ("microseconds", "3.786648988s", "", Some("3786648")),
        ("microseconds", "2s", "", Some("2000000")),
        ("microseconds", "long", "", None),
    ];
    for (name, mut engine) in engines() {
        let mut calls: Vec<String> = cases.iter().map(|(call, _)| call.clone()).collect();
        let mut wanted: Vec<Option<&str>> = cases.iter().map(|(_, wanted)| *wanted).collect();
        if name != "bigquery" {
            calls.extend(in_files.iter().map(|(name, text, more, _)| format!("{name}({}{more})", sql_text(text))));
            wanted.extend(in_files.iter().map(|(.., wanted)| *wanted));
        }
        let found = values(name, engine.as_mut(), &calls);
        for ((call, found), wanted) in calls.iter().zip(found).zip(wanted) {
            assert_eq!(found.as_deref(), wanted, "{name}: {call}");
        }
    }
}

#[test]
fn messages_are_as_coarse_on_each_engine() {
    use proptest::{strategy::ValueTree, test_runner::TestRunner};
    let mut runner = TestRunner::deterministic();
    let texts: Vec<String> = (0..200).map(|_| messages().new_tree(&mut runner).expect("a message").current()).collect();
    let coarse = Replacements::of("coarse(\"x\")");
    for (name, mut engine) in engines() {
        let calls: Vec<String> = texts.iter().map(|text| format!("coarse({})", sql_text(text))).collect();
        for (text, found) in texts.iter().zip(values(name, engine.as_mut(), &calls)) {
            assert_eq!(found, Some(coarse.apply(text)), "{name}: {text:?}");
        }
    }
}
