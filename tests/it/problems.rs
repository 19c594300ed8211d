//! `gardener compare` by problem: what is told in other words, what happens at starts, regions and projects, earlier days.

use std::fmt::Write;

use serde_json::{Value, json};

use super::support::{Garden, text};

/// Seconds since 1970 of 2025-06-01.
const FIRST: i64 = 1_748_736_000;
const HOUR: i64 = 3_600;
const DAY: i64 = 24 * HOUR;

/// Where entries of the service `pier` come from.
#[derive(Clone, Copy)]
struct Place {
    project: &'static str,
    location: &'static str,
}

const HERE: Place = Place { project: "p", location: "europe-west1" };
const THERE: Place = Place { location: "us-central1", ..HERE };

/// An export in the making.
#[derive(Default)]
struct Export(String);

impl Export {
    fn entry(&mut self, at: f64, place: Place, (revision, instance): (&str, &str), severity: &str, message: &str) {
        let time = jiff::Timestamp::from_millisecond((at * 1000.0) as i64).unwrap();
        let entry = json!({
            "insertId": format!("{}", self.0.len()), "timestamp": time.to_string(), "severity": severity,
            "textPayload": message, "labels": {"instanceId": format!("{}-{revision}-{instance}", place.location)},
            "logName": format!("projects/{}/logs/run.googleapis.com%2Fstdout", place.project),
            "resource": {"type": "cloud_run_revision", "labels": {"service_name": "pier",
                "revision_name": format!("pier-{revision}"), "project_id": place.project, "location": place.location}},
        });
        writeln!(self.0, "{entry}").unwrap();
    }

    /// Two instances that say something every minute.
    fn hum(&mut self, from: i64, to: i64, place: Place, revision: &str) {
        for at in (from..to).step_by(60) {
            for instance in ["one", "two"] {
                self.entry(at as f64, place, (revision, instance), "INFO", "lamp burns");
            }
        }
    }

    fn built(self) -> Garden {
        let garden = Garden::new();
        let file = garden.write("pier.ndjson", self.0);
        for arguments in [vec!["load", &file], vec!["build"]] {
            let output = garden.gardener(&arguments);
            assert!(output.status.success(), "{}", text(&output.stderr));
        }
        garden
    }
}

fn pairs(garden: &Garden, arguments: &[&str]) -> Vec<Value> {
    let output = garden.gardener(&[&["compare"], arguments, &["--format", "json"]].concat());
    assert!(output.status.success(), "{}", text(&output.stderr));
    let document: Value = serde_json::from_slice(&output.stdout).unwrap();
    document["pairs"].as_array().unwrap().clone()
}

fn rows<'a>(pair: &'a Value, key: &str) -> &'a [Value] {
    pair[key].as_array().unwrap()
}

fn with<'a>(rows: &'a [Value], words: &str) -> &'a Value {
    rows.iter().find(|row| row["template"].as_str().unwrap().contains(words)).unwrap()
}

const TOLD: [&str; 5] = [
    "engine cannot start: the tank is empty",
    "  caused by: gauge reads nothing",
    "  hint: fill the tank before the tide",
    "skipper leaves the boat",
    "boat is moored again",
];

/// Of twenty starts in each of two revisions so many fail; the second revision tells it in so many entries.
fn starts(failing: [usize; 2], entries: usize) -> Garden {
    let mut export = Export::default();
    for (number, (revision, from)) in [("00001-aaa", FIRST), ("00002-bbb", FIRST + 3 * HOUR)].into_iter().enumerate() {
        export.hum(from, from + 3 * HOUR, HERE, revision);
        for start in 0..20 {
            let (instance, at) = (format!("i{start}"), (from + 300 + start as i64 * 500) as f64);
            let of = (revision, instance.as_str());
            export.entry(at, HERE, of, "INFO", "boat is put to water");
            if start * failing[number] / 20 < (start + 1) * failing[number] / 20 {
                for (place, words) in TOLD[..if number == 0 { 1 } else { entries }].iter().enumerate() {
                    export.entry(at + 2.0 + 0.1 * place as f64, HERE, of, "ERROR", words);
                }
            } else {
                for minute in 1..15 {
                    export.entry(at + 60.0 * f64::from(minute), HERE, of, "INFO", "lamp burns");
                }
            }
        }
    }
    export.built()
}

#[test]
fn a_crash_told_in_more_entries_is_the_same_problem() {
    let garden = starts([10, 10], 5);
    let pair = &pairs(&garden, &["previous", "latest"])[0];
    let problems = rows(pair, "problems");
    let crash = with(problems, "engine cannot start");
    assert_eq!(crash["exposure_unit"], "starts", "{crash}");
    assert_eq!((&crash["base_count"], &crash["target_count"]), (&json!(10), &json!(10)), "{crash}");
    assert!(crash["base_exposure"].as_f64().unwrap() >= 20.0, "{crash}");
    let sure: Vec<&Value> = problems
        .iter()
        .filter(|row| ["new", "gone", "worse", "better", "burst"].iter().any(|v| row["verdict"] == *v))
        .collect();
    assert!(sure.is_empty(), "{sure:?}");
    let patterns: Vec<&Value> =
        rows(pair, "changes").iter().filter(|row| row["problem_id"] == crash["problem_id"]).collect();
    assert!(patterns.len() >= 3, "{patterns:?}");
    assert!(patterns.iter().any(|row| row["verdict"] == "reworded"), "{patterns:?}");
    let gate = garden.gardener(&["compare", "previous", "latest", "--fail-on", "new,worse,burst,gone,better"]);
    assert_eq!(gate.status.code(), Some(0), "{}", text(&gate.stdout));
    let shown = text(&gate.stdout);
    assert!(shown.contains("in other words: patterns came or went, the problem goes on\n  10 -> 10  ERROR"), "{shown}");
    assert!(shown.contains("No problem changed significantly."), "{shown}");
}

#[test]
fn more_starts_that_fail_are_worse_however_they_are_told() {
    for entries in [1, 5] {
        let garden = starts([3, 18], entries);
        let pair = &pairs(&garden, &["previous", "latest"])[0];
        let crash = with(rows(pair, "problems"), "engine cannot start");
        assert_eq!(crash["verdict"], "worse", "{crash}");
        assert_eq!((&crash["base_count"], &crash["target_count"]), (&json!(3), &json!(18)), "{crash}");
        let gate = garden.gardener(&["compare", "previous", "latest", "--fail-on", "worse"]);
        assert_eq!(gate.status.code(), Some(1));
        let shown = text(&gate.stdout);
        assert!(shown.contains("WORSE  ERROR  engine cannot start"), "{shown}");
        assert!(shown.contains("3 in 22 starts -> 18 in 22 starts"), "{shown}");
        let markdown = text(&garden.gardener(&["compare", "previous", "latest", "--format", "markdown"]).stdout);
        assert!(markdown.contains("| worse | ERROR | `engine cannot start"), "{markdown}");
        assert_eq!(
            markdown.contains("Patterns of these problems, and of those told in other words:"),
            entries > 1,
            "{markdown}"
        );
    }
}

#[test]
fn patterns_can_be_listed_in_place_of_problems() {
    let garden = starts([3, 18], 5);
    let count = |more: &[&str]| {
        let output = garden.gardener(&[&["compare", "previous", "latest", "--format", "csv"], more].concat());
        text(&output.stdout).lines().count() - 1
    };
    let pair = &pairs(&garden, &["previous", "latest"])[0];
    assert_eq!(count(&[]), rows(pair, "problems").len());
    assert_eq!(count(&["--patterns"]), rows(pair, "changes").len());
    assert!(count(&[]) < count(&["--patterns"]));
    let shown = text(&garden.gardener(&["compare", "previous", "latest", "--patterns"]).stdout);
    assert!(shown.contains(" events; q ") && shown.contains(" of cluster "), "{shown}");
}

/// Two regions and another project with the same revisions; the second one fails in one region only.
fn regions() -> Garden {
    let mut export = Export::default();
    for place in [HERE, THERE] {
        for (revision, from) in [("00001-aaa", FIRST), ("00002-bbb", FIRST + 3 * HOUR)] {
            export.hum(from, from + 3 * HOUR, place, revision);
            let often = if place.location == HERE.location && revision == "00002-bbb" { 300 } else { 1_800 };
            for at in (from + 30..from + 3 * HOUR).step_by(often) {
                let instance = ["one", "two"][at as usize / 60 % 2];
                export.entry(at as f64, place, (revision, instance), "ERROR", "rope came loose");
            }
        }
    }
    export.hum(FIRST, FIRST + HOUR, Place { project: "other", ..HERE }, "00001-aaa");
    export.built()
}

#[test]
fn regions_are_compared_each_with_its_own_past() {
    let garden = regions();
    let verdicts = |more: &[&str]| -> Vec<(String, String)> {
        let found = pairs(&garden, &[&["previous", "latest"], more].concat());
        let word = |value: &Value| value.as_str().unwrap().to_owned();
        found
            .iter()
            .map(|pair| (word(&pair["service"]), word(&with(rows(pair, "problems"), "rope")["verdict"])))
            .collect()
    };
    let here = ("pier (p, europe-west1)".to_owned(), "worse".to_owned());
    let there = ("pier (p, us-central1)".to_owned(), "too little traffic".to_owned());
    assert_eq!(verdicts(&[]), [here.clone(), there.clone()]);
    assert_eq!(verdicts(&["--location", "europe-west1"]), std::slice::from_ref(&here));
    assert_eq!(verdicts(&["--location", "us-central1", "--project", "p"]), std::slice::from_ref(&there));
    assert_eq!(verdicts(&["--project", "p"]), [here, there]);
    let gate = |more: &[&str]| {
        let arguments = [&["compare", "previous", "latest", "--fail-on", "new,worse,burst"], more].concat();
        garden.gardener(&arguments).status.code()
    };
    assert_eq!(gate(&["--location", "europe-west1"]), Some(1));
    assert_eq!(gate(&["--location", "us-central1"]), Some(0));
    for (arguments, message) in [
        (["--location", "europe-west4"], "no service logs from `europe-west4`\n\nhint: did you mean `europe-west1`?"),
        (["--project", "q"], "no service logs in the project `q`"),
    ] {
        let output = garden.gardener(&[&["compare", "previous", "latest"], &arguments[..]].concat());
        assert_eq!(output.status.code(), Some(2));
        assert!(text(&output.stderr).contains(message), "{}", text(&output.stderr));
    }
}

#[test]
fn a_file_of_one_region_is_not_compared_with_a_file_of_another() {
    let garden = Garden::new();
    let mut files = Vec::new();
    for (name, place) in [("west", HERE), ("east", THERE)] {
        let mut export = Export::default();
        export.hum(FIRST, FIRST + HOUR, place, "00001-aaa");
        files.push(garden.write(&format!("{name}.ndjson"), export.0));
    }
    assert!(garden.gardener(&["load", &files[0], &files[1]]).status.success());
    assert!(garden.gardener(&["build"]).status.success());
    let output = garden.gardener(&["compare", "west", "east"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("no service has both sides"), "{}", text(&output.stderr));
}

/// A week of nights with the same failure at three, and another failure in the last night only.
fn nights() -> Garden {
    let mut export = Export::default();
    export.hum(FIRST, FIRST + 8 * DAY, HERE, "00001-aaa");
    for day in 0..8 {
        for number in 0..40 {
            let (at, minute) = ((FIRST + day * DAY + 3 * HOUR + number * 15 + day) as f64, number / 4);
            export.entry(
                at,
                HERE,
                ("00001-aaa", ["one", "two"][minute as usize % 2]),
                "ERROR",
                "night watch found no lamp oil",
            );
            if day == 7 {
                let at = at + 3_600.0;
                export.entry(
                    at,
                    HERE,
                    ("00001-aaa", ["two", "one"][minute as usize % 2]),
                    "ERROR",
                    "pier was hit by a whale",
                );
            }
        }
    }
    export.built()
}

#[test]
fn what_comes_at_the_same_hour_of_earlier_days_is_neither_new_nor_worse() {
    let garden = nights();
    let night = "2025-06-08T02:00..2025-06-08T05:00";
    let sides = ["2025-06-07T12:00..2025-06-07T20:00", night];
    for key in ["problems", "changes"] {
        let pair = &pairs(&garden, &sides)[0];
        let oil = with(rows(pair, key), "lamp oil");
        assert_eq!(oil["verdict"], "same", "{oil}");
        assert_eq!(oil["reason"], "at 03:00 UTC on 7 of 7 days before", "{oil}");
        let whale = with(rows(pair, key), "whale");
        assert_eq!(whale["verdict"], "burst", "{whale}");
        assert_eq!(whale["reason"], "40 in one stretch of 10 min, none in 960 instance-minutes of the base");
    }
    let shown = text(&garden.gardener(&["compare", sides[0], sides[1]]).stdout);
    assert!(shown.contains("as on most earlier days at that time\n  0 -> 40  ERROR"), "{shown}");
    // against the same hours of earlier days it is as often
    for days in ["-1d", "-7d", "-1w"] {
        let pair = &pairs(&garden, &[days, night])[0];
        assert_eq!(pair["base"]["label"], days);
        let oil = with(rows(pair, "problems"), "lamp oil");
        assert_eq!((&oil["base_count"], &oil["target_count"]), (&json!(40), &json!(40)), "{days}");
        assert_eq!(with(rows(pair, "problems"), "whale")["verdict"], "burst");
    }
    for (words, message) in [
        (["-1d", "-2d"], "both days before the other side"),
        (["-1d", "latest"], "`-1d` overlaps with `pier-00001-aaa`"),
        (["-90d", night], "no entries in `-90d`"),
        (["-3h", night], "no whole number of days"),
    ] {
        let output = garden.gardener(&["compare", words[0], words[1]]);
        assert_eq!(output.status.code(), Some(2), "{words:?}");
        assert!(text(&output.stderr).contains(message), "{words:?}: {}", text(&output.stderr));
    }
    let quiet = garden.gardener(&["compare", "-q", "-1d", night, "--format", "csv"]);
    assert!(quiet.status.success() && quiet.stderr.is_empty(), "{}", text(&quiet.stderr));
}
