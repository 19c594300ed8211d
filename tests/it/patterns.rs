//! What holds of patterns whatever the messages are: neither order nor split nor growth changes what was found.

use std::collections::{BTreeMap, BTreeSet};

use log_gardener::mine::{self, Miner, Pattern, ShapeId, ShapeSet, ShapeStat, merge};
use proptest::prelude::*;

use super::support::{Garden, data, text};

/// A message with its time.
type Line = (i64, String);

/// Messages as programs write them: a few statements with words, numbers and names in their places.
fn lines() -> impl Strategy<Value = Vec<Line>> {
    let name = prop::sample::select(vec!["ann", "bob", "eve", "dan", "zoe", "kim", "root", "main", "w1", "w2"]);
    let verb = prop::sample::select(vec!["started", "stopped", "opened", "closed", "lost"]);
    let statement =
        (0..9_u8, name.clone(), name, verb, 0..40_u32).prop_map(
            |(statement, one, other, verb, number)| match statement {
                0 => format!("user {one} {verb}"),
                1 => format!("{one} {verb} door {number} of {other}"),
                2 => format!("job {one}: {verb} after {number}ms"),
                3 => format!("cache-{one}:{number} {verb}"),
                4 => format!("found {number} users: {one} {other}"),
                5 => format!("[{one}] GET /a/{number} {other}"),
                6 => format!("{verb} {one} for {other} (id={number})"),
                7 => format!("java.io.IOException: {one} {verb}\n\tat com.acme.{other}.run(Run.java:{number})"),
                _ => format!("sent {number} KB ({number} bytes) to {one}"),
            },
        );
    let message = prop_oneof![9 => statement, 1 => "[a-c0-9 :=\\[\\]<>*'\"./é-]{0,24}"];
    prop::collection::vec((0..1000_i64, message), 1..120)
}

fn mined(lines: &[Line]) -> ShapeSet {
    let mut set = ShapeSet::default();
    let mut miner = Miner::new();
    for (at, message) in lines {
        set.add(miner.mine(message), *at);
    }
    set
}

type Found = BTreeMap<ShapeId, (String, BTreeSet<ShapeId>, u64)>;

/// Id, template, shapes and count of each pattern.
fn found(shapes: &[ShapeStat<'_>]) -> Found {
    let told = |pattern: Pattern| {
        let members = pattern.members.iter().map(|&at| shapes[at].id).collect();
        let count = pattern.members.iter().map(|&at| shapes[at].count).sum();
        (pattern.id, (pattern.template, members, count))
    };
    merge(shapes, &[]).into_iter().map(told).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn order_has_no_say(lines in lines(), turn in 0..100_usize) {
        let wanted = found(&mined(&lines).stats());
        let mut other = lines;
        let length = other.len();
        other.rotate_left(turn % length);
        other.swap(turn % length, turn * 7 % length);
        other.reverse();
        prop_assert_eq!(found(&mined(&other).stats()), wanted);
    }

    #[test]
    fn parts_put_together_give_what_the_whole_gives(lines in lines(), parts in 1..5_usize) {
        let mut union = ShapeSet::default();
        for part in 0..parts {
            let own: Vec<Line> = lines.iter().skip(part).step_by(parts).cloned().collect();
            let set = mined(&own);
            for shape in set.stats() {
                union.add_counted(shape.mined(), shape.first_at, shape.count);
            }
        }
        prop_assert_eq!(found(&union.stats()), found(&mined(&lines).stats()));
    }

    #[test]
    fn growth_never_splits_a_pattern(lines in lines(), kept in 1..100_usize) {
        let early = &lines[..1 + kept * (lines.len() - 1) / 100];
        let (small, large) = (found(&mined(early).stats()), found(&mined(&lines).stats()));
        for (id, (template, members, _)) in small {
            let homes: BTreeSet<_> =
                large.iter().filter(|(_, (_, own, _))| !own.is_disjoint(&members)).map(|(id, _)| id).collect();
            prop_assert_eq!(homes.len(), 1, "`{}` is split", template);
            // the old id is a shape of the pattern that took it over: that is what an alias resolves
            prop_assert!(large[*homes.first().unwrap()].1.contains(&id));
        }
    }

    #[test]
    fn counts_add_up_within_any_bound(lines in lines(), shapes in 1..60_usize, bytes in 1..900_usize) {
        let mut set = ShapeSet::bounded(shapes, bytes);
        let mut miner = Miner::new();
        lines.iter().for_each(|(at, message)| set.add(miner.mine(message), *at));
        let stats = set.stats();
        prop_assert!(stats.len() <= shapes);
        prop_assert!(stats.iter().map(|shape| shape.text.len()).sum::<usize>() <= bytes);
        let counted: u64 = found(&stats).values().map(|(_, _, count)| count).sum();
        prop_assert_eq!(counted + set.other_count(), lines.len() as u64);
    }

    #[test]
    fn any_text_can_be_mined(message in "\\PC{0,200}") {
        let mut miner = Miner::new();
        let first = miner.mine(&message).id;
        prop_assert_eq!(miner.mine(&message).id, first);
    }
}

fn entry(at: usize, message: &str) -> String {
    serde_json::json!({
        "insertId": format!("p{at}"), "timestamp": format!("2025-01-01T00:{:02}:{:02}Z", at / 60, at % 60),
        "severity": "WARNING", "textPayload": message,
        "resource": {"type": "cloud_run_revision", "labels": {"service_name": "s"}},
    })
    .to_string()
}

#[test]
fn ids_survive_growth_of_the_database() {
    let garden = Garden::new();
    // the later load holds the earlier times, so that patterns get another first shape
    let names = ["ann", "bob", "eve", "dan"];
    let late: Vec<String> =
        names.iter().enumerate().map(|(at, name)| entry(100 + at, &format!("mail for {name} bounced"))).collect();
    let early: Vec<String> =
        ["zoe", "kim"].iter().enumerate().map(|(at, name)| entry(at, &format!("mail for {name} bounced"))).collect();
    let mut old_ids = BTreeSet::new();
    for (file, lines) in [("late.ndjson", &late), ("early.ndjson", &early)] {
        let path = garden.write(file, lines.join("\n"));
        assert!(garden.gardener(&["load", &path]).status.success());
        assert!(garden.gardener(&["build"]).status.success());
        for row in garden.query("select pattern_id from patterns") {
            old_ids.insert(row["pattern_id"].as_str().unwrap().to_owned());
        }
    }
    assert_eq!(garden.number("select count(*) from patterns"), 1);
    assert_eq!(old_ids.len(), 2, "the id has changed");
    for id in old_ids {
        let resolved = format!(
            "select count(*) from patterns where pattern_id = '{id}' \
             or pattern_id in (select pattern_id from pattern_aliases where old_id = '{id}')"
        );
        assert_eq!(garden.number(&resolved), 1, "{id}");
    }
}

const PIECES: [&str; 4] = [
    "Traceback (most recent call last):",
    "  File \"/srv/app/store.py\", line 4, in load",
    "    rows[key]",
    "KeyError: 'tea'",
];

/// A line of an export: what an instance writes to a log, so many tenths of a millisecond after the hour.
fn entry_of(instance: &str, log: &str, at: usize, message: &str) -> String {
    serde_json::json!({
        "insertId": format!("{instance}{log}{at}"), "timestamp": format!("2025-01-01T00:00:00.{at:04}Z"),
        "textPayload": message, "labels": {"instanceId": instance},
        "resource": {"type": "cloud_run_revision", "labels": {"service_name": "s", "revision_name": "s-1"}},
        "logName": format!("projects/p/logs/run.googleapis.com%2F{log}"),
    })
    .to_string()
}

#[test]
fn a_trace_in_several_entries_is_one_event() {
    let garden = Garden::new();
    // two instances write at the same time, and each goes on with something else
    let written = PIECES.iter().chain(&["next request"]).enumerate();
    let both = |(at, text): (usize, &&str)| [entry_of("a", "stderr", at, text), entry_of("b", "stderr", at, text)];
    let path = garden.write("log.ndjson", written.flat_map(both).collect::<Vec<_>>().join("\n"));
    let output = garden.gardener(&["run", &path]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let rows = garden.query("select template, kind, entry_count from patterns order by entry_count desc");
    assert_eq!(rows[0]["template"], "KeyError: <*> in srv/app/store.py load");
    assert_eq!((&rows[0]["kind"], &rows[0]["entry_count"]), (&"exception".into(), &8.into()));
    assert_eq!(garden.number("select count(distinct event_id) from entries"), 2);
    assert_eq!(garden.number("select call_line from entries where event_id is not null limit 1"), 4);
    let worklog = &garden.worklogs()[0].1;
    assert!(worklog.contains("2 events in 8 entries"), "{worklog}");
}

#[test]
fn a_trace_repeated_as_a_whole_within_a_second_is_of_the_same_event() {
    let garden = Garden::new();
    let pieces = PIECES.iter().enumerate().map(|(at, text)| entry_of("a", "stderr", at, text));
    let whole = PIECES.join("\n");
    // the copy of Error Reporting has no instance; a whole trace three seconds later is another event
    let near = entry_of("", "clouderrorreporting", 5_000, &whole);
    let later = near.replace("00:00:00.", "00:00:03.").replace("clouderrorreporting5000", "later");
    let lines: Vec<String> = pieces.chain([near, later]).collect();
    let path = garden.write("log.ndjson", lines.join("\n"));
    assert!(garden.gardener(&["run", &path]).status.success());
    let events = "select sum(event_count)::bigint from pattern_minutes where pattern_id in \
                  (select pattern_id from patterns where kind = 'exception')";
    assert_eq!(garden.number(events), 2);
    assert_eq!(garden.number("select count(*) from entries where event_id is not null"), 5);
}

const WISHES: &str = r#"
version = 1
[[pattern]]
id = "vm-state"
template = "VM <*>"
messages = ["VM Started", "VM Paused"]
[[pattern]]
id = "root-mail"
apart = ["mail for root bounced"]
"#;

#[test]
fn the_users_word_on_patterns_holds() {
    let garden = Garden::new();
    let config = garden.write("wishes.toml", WISHES);
    let messages = ["mail for ann bounced", "mail for bob bounced", "mail for eve bounced", "mail for root bounced"];
    let messages: Vec<&str> = messages.into_iter().chain(["VM Started", "VM Paused"]).collect();
    let entries: Vec<String> = messages.iter().enumerate().map(|(at, message)| entry(at, message)).collect();
    let path = garden.write("log.ndjson", entries.join("\n"));
    assert!(garden.gardener(&["load", &path]).status.success());
    let patterns = |arguments: &[&str]| -> Vec<String> {
        assert!(garden.gardener(arguments).status.success());
        let rows =
            garden.query("select template || ' ' || entry_count || coalesce(' ' || rule_id, '') as told from patterns");
        let mut told: Vec<String> = rows.iter().map(|row| row["told"].as_str().unwrap().to_owned()).collect();
        told.sort();
        told
    };
    assert_eq!(patterns(&["build"]), ["VM Paused 1", "VM Started 1", "mail for <*> bounced 4"]);
    let wished = ["VM <*> 2 vm-state", "mail for <*> bounced 3", "mail for root bounced 1 root-mail"];
    assert_eq!(patterns(&["build", "--config", &config]), wished);
    let shown = text(&garden.gardener(&["show", "VM"]).stdout);
    assert!(shown.contains("the configuration joins them: pattern `vm-state`"), "{shown}");
    let lines = garden.write("lines.txt", messages.join("\n"));
    let table = text(&garden.gardener(&["template", &lines, "--config", &config]).stdout);
    assert!(table.contains("        2  ") && table.contains("VM <*>"), "{table}");
}

#[test]
fn a_pattern_is_shown_by_any_name_it_has() {
    let garden = Garden::of(&["sample.ndjson"], &["--config", &data("gardener.toml")]);
    let id = "select pattern_id, template from patterns where template like '%circuit breaker%'";
    let id = garden.query(id)[0]["pattern_id"].as_str().unwrap().to_owned();
    let shown = |word: &str| text(&garden.gardener(&["show", word]).stdout);
    let whole = shown(&id);
    assert!(whole.contains("connection, id: 192 values"), "{whole}");
    assert!(whole.contains("AUTH, word: never varies, REDACTED (192)"), "{whole}");
    assert!(whole.contains("all have the same words"), "{whole}");
    assert_eq!(shown(&id[..6]), whole);
    assert_eq!(shown("circuit breaker"), whole);
    let several = garden.gardener(&["show", "connection"]);
    assert_eq!(several.status.code(), Some(2));
    assert!(text(&several.stderr).contains("error: `connection` matches"));
    assert_eq!(garden.gardener(&["show", "nothing like it"]).status.code(), Some(2));
    let json = garden.gardener(&["show", &id, "--format", "json"]);
    let document: serde_json::Value = serde_json::from_slice(&json.stdout).unwrap();
    assert_eq!(document["pattern"]["entry_count"], 192);
    assert_eq!(document["variables"][1]["value_kinds"], 192);
}

#[test]
fn a_value_that_no_earlier_revision_had_is_a_finding() {
    let garden = Garden::new();
    let line = |at: usize, revision: &str, reason: &str| {
        serde_json::json!({
            "insertId": format!("r{at}"), "timestamp": format!("2025-01-01T{:02}:{:02}:00Z", at / 60, at % 60),
            "severity": "WARNING", "textPayload": format!("pool grew to {at} because of {reason}"),
            "labels": {"instanceId": revision},
            "resource": {"type": "cloud_run_revision", "labels": {"service_name": "s", "revision_name": revision}},
        })
        .to_string()
    };
    let before = (0..60).map(|at| line(at, "s-1", ["schedule", "manual"][at % 2]));
    let after = (60..90).map(|at| line(at, "s-2", ["schedule", "manual", "backlog"][at % 3]));
    // a value that the old revision took up as well is none that it never had
    let both = (90..120).map(|at| line(at, ["s-2", "s-1"][at % 2], "storage"));
    let path = garden.write("log.ndjson", before.chain(after).chain(both).collect::<Vec<_>>().join("\n"));
    assert!(garden.gardener(&["run", &path]).status.success());
    let worklog = &garden.worklogs()[0].1;
    let found: Vec<&str> = worklog.lines().filter(|line| line.contains("**New value:**")).collect();
    assert_eq!(found.len(), 1, "{worklog}");
    assert!(
        found[0].contains("`backlog`") && found[0].contains("in revision s-2 (10 of its 45 entries)"),
        "{}",
        found[0]
    );
    assert!(found[0].contains("75 entries of 1 earlier revision never held it"), "{}", found[0]);
}

#[test]
fn more_shapes_than_are_kept_are_counted_under_a_name() {
    let garden = Garden::new();
    let word = |at: usize| -> String {
        (0..5).map(|place| char::from(b'a' + (at / 20_usize.pow(place) % 20) as u8)).collect()
    };
    let count = mine::SHAPES_KEPT + 20_000;
    // verbs hide what they have in common, so that each message stays a pattern's own
    let lines: Vec<String> = (0..count)
        .map(|at| {
            let (second, word) = (at / 1000, word(at * 7919 % 3_200_000));
            format!(
                r#"{{"insertId":"{at}","timestamp":"2025-01-01T00:{:02}:{:02}.{:03}Z","textPayload":"{word}ed {word}ing"}}"#,
                second / 60,
                second % 60,
                at % 1000
            )
        })
        .collect();
    let path = garden.write("log.ndjson", lines.join("\n"));
    assert!(garden.gardener(&["load", &path]).status.success());
    let output = garden.gardener(&["build"]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert_eq!(garden.number("select sum(entry_count)::bigint from patterns"), count as i64);
    assert_eq!(garden.number("select count(*) from shapes"), mine::SHAPES_KEPT as i64);
    let others = "select entry_count from patterns where pattern_id = 'other messages'";
    assert_eq!(garden.number(others), 20_000);
}

#[test]
fn values_that_are_secrets_are_hidden_wherever_they_stand() {
    let garden = Garden::new();
    let messages = [
        "Authorization: Bearer abcdefghijklmnopqrstuvwxyz012345",
        "login with password=hunter2 refused",
        "login with password=swordfish9 refused",
    ];
    let entries: Vec<String> = messages.iter().enumerate().map(|(at, message)| entry(at, message)).collect();
    let path = garden.write("log.ndjson", entries.join("\n"));
    assert!(garden.gardener(&["run", &path]).status.success());
    let mut shown = garden.worklogs()[0].1.clone();
    for row in garden.query("select pattern_id from patterns") {
        for format in ["text", "json"] {
            let output = garden.gardener(&["show", row["pattern_id"].as_str().unwrap(), "--format", format]);
            assert!(output.status.success(), "{}", text(&output.stderr));
            shown += &text(&output.stdout);
        }
    }
    for secret in ["abcdefghijklmnopqrstuvwxyz012345", "hunter2", "swordfish9"] {
        assert!(!shown.contains(secret), "{secret}: {shown}");
    }
}
