//! The second archive: a service that does not start, as a collector with a limit of 50 entries a severity saw it.
//!
//! All that happens is made first, then cut as the collector cuts: what is whole, what is a piece and what is missing
//! follows from the cut. A new part is a file and a line in [`PARTS`].

mod dump;
mod health_checks;
mod plan;
mod roll_outs;
mod start_up_failure;
mod start_up_warnings;

use std::io::{self, Write};

use serde_json::{Value, json};

use self::dump::Dump;
use self::plan::Plan;
use super::clock::{HOUR, with_offset};
use super::rng::Rng;

type Tell = fn(&Plan, &mut Dump, &mut Rng);

const PARTS: &[(&str, Tell)] = &[
    ("start_up_warnings", start_up_warnings::tell),
    ("start_up_failure", start_up_failure::tell),
    ("health_checks", health_checks::tell),
    ("roll_outs", roll_outs::tell),
];

/// What the collector takes of each severity, newest first
const LIMIT: usize = 50;

pub(super) fn write(out: &mut dyn Write, seed: u64) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, &collected(seed))?;
    out.write_all(b"\n")
}

fn collected(seed: u64) -> Value {
    let plan = Plan::new(&mut Rng::named(seed, "plan"));
    let mut dump = Dump::new(Rng::named(seed, "ids"));
    for (name, tell) in PARTS {
        tell(&plan, &mut dump, &mut Rng::named(seed, name));
    }
    let (counts, newest_first) = dump.cut(LIMIT);
    let fetched_at = with_offset(plan.collected_at);
    json!({
        "fetch_time": fetched_at.trim_end_matches("+00:00"),
        "time_range": {"start": with_offset(plan.collected_at - HOUR), "end": fetched_at},
        "total_logs": newest_first.len(),
        "logs_by_severity": counts,
        "raw_logs": newest_first,
    })
}

#[cfg(test)]
mod tests {
    use super::super::clock::{MICRO, MILLI, SECOND, at};
    use super::*;
    use std::collections::HashSet;

    fn entries(seed: u64) -> Vec<Value> {
        collected(seed)["raw_logs"].as_array().unwrap().clone()
    }

    fn instant(entry: &Value) -> i64 {
        at(&entry["timestamp"].as_str().unwrap().replace("+00:00", "Z"))
    }

    fn of_severity<'a>(entries: &'a [Value], severity: &str) -> Vec<&'a Value> {
        entries.iter().filter(|entry| entry["severity"] == severity).collect()
    }

    fn saying<'a>(entries: &'a [Value], part: &str) -> Vec<&'a Value> {
        let holds = |entry: &&Value| entry["jsonPayload"]["message"].as_str().is_some_and(|text| text.contains(part));
        entries.iter().filter(holds).collect()
    }

    #[test]
    fn the_collection_stops_at_fifty_errors_and_fifty_warnings() {
        for seed in [1, 42, 4711] {
            let dump = collected(seed);
            assert_eq!(dump["logs_by_severity"], json!({"NOTICE": 6, "ERROR": 50, "WARNING": 50}));
            let entries = entries(seed);
            assert_eq!(dump["total_logs"], entries.len());
            let oldest = |severity| instant(of_severity(&entries, severity).last().unwrap());
            let end = instant(&entries[0]);
            assert!(end - oldest("ERROR") < 60 * SECOND);
            assert!((240..600).contains(&((end - oldest("WARNING")) / SECOND)));
            assert!((end - oldest("NOTICE")) / SECOND > 1_700);
            assert!(entries.is_sorted_by_key(|entry| -instant(entry)));
            let ids: HashSet<&str> = entries.iter().map(|entry| entry["insertId"].as_str().unwrap()).collect();
            assert_eq!(ids.len(), entries.len());
        }
    }

    #[test]
    fn two_incidents_are_whole_and_seven_are_pieces() {
        for seed in [1, 42, 4711] {
            let entries = entries(seed);
            assert_eq!(saying(&entries, "Going on with the schema as it is").len(), 9);
            for step in start_up_failure::ERRORS {
                let opens = |entry: &&&Value| entry["jsonPayload"]["message"].as_str().unwrap().starts_with(step);
                assert_eq!(saying(&entries, step).iter().filter(opens).count(), 2, "{step}");
            }
        }
    }

    #[test]
    fn the_health_checks_end_together_after_their_instance_gives_up() {
        for seed in [1, 42, 4711] {
            let entries = entries(seed);
            let checks: Vec<&Value> = entries.iter().filter(|entry| entry["httpRequest"]["status"] == 503).collect();
            assert_eq!(checks.len(), 36);
            let ends: Vec<i64> = checks
                .iter()
                .map(|entry| {
                    let latency = entry["httpRequest"]["latency"].as_str().unwrap().trim_end_matches('s');
                    let (seconds, nanos) = latency.split_once('.').unwrap();
                    let latency = seconds.parse::<i64>().unwrap() * SECOND + nanos.parse::<i64>().unwrap();
                    assert!((30 * SECOND..=50 * SECOND).contains(&latency));
                    instant(entry) + latency
                })
                .collect();
            let (first, last) = (*ends.iter().min().unwrap(), *ends.iter().max().unwrap());
            assert!(last - first < 6 * MILLI);
            let gave_up = saying(&entries, "could not start");
            assert!((first - instant(gave_up[0]) - 1_200 * MILLI).abs() < 4 * MILLI + MICRO);
            for check in checks {
                assert_eq!(check["labels"]["instanceId"], gave_up[0]["labels"]["instanceId"]);
            }
        }
    }
}
