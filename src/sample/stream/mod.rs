//! Archives of any size and time for measuring: four services, about 1 KB an entry, written byte by byte.
//!
//! What an entry consists of is rendered once per instance and template; per entry only ids, times and variables are
//! put in. Memory stays the same whatever the count, and the count is exact even where it cuts a crash short.

mod crash;
pub(super) mod json_writer;
mod lines;
mod place;
mod template;

use std::collections::VecDeque;
use std::io::{self, Write};

use self::{
    crash::Scripted,
    json_writer::JsonWriter,
    place::Cast,
    template::{Severity, Templates},
};
use super::{
    Layout,
    clock::{DAY, HOUR, MICRO, at},
    rng::Rng,
};

const FIRST: &str = "2025-10-01T00:00:00Z";
const CHUNK: usize = 1 << 18;

/// Percent of the mean gap between entries, for each hour of the day: nights are quiet
const GAPS: [i64; 24] =
    [150, 170, 180, 180, 170, 150, 130, 110, 90, 75, 70, 70, 75, 75, 70, 70, 75, 80, 85, 90, 100, 110, 120, 135];

/// One entry in so many begins a crash
const CRASH_EVERY: u64 = 6_000;

struct Stream {
    rng: Rng,
    cast: Cast,
    templates: Templates,
    script: VecDeque<Scripted>,
    now: i64,
    gap: i64,
    count: u64,
}

pub(super) fn write(out: &mut dyn Write, seed: u64, count: u64, days: u32, layout: Layout) -> io::Result<()> {
    let mut rng = Rng::named(seed, "stream");
    let mut json = JsonWriter::new(rng.word() as u32);
    let mut stream = Stream {
        cast: Cast::new(&mut rng),
        templates: Templates::parse(),
        script: VecDeque::new(),
        now: at(FIRST),
        gap: (i64::from(days) * DAY / i64::try_from(count.max(1)).unwrap_or(i64::MAX)).max(MICRO),
        count,
        rng,
    };
    json.buffer.extend_from_slice(layout.open());
    for index in 0..count {
        if index > 0 {
            json.buffer.extend_from_slice(layout.between());
        }
        stream.step(index, &mut json);
        if json.buffer.len() >= CHUNK {
            out.write_all(&json.buffer)?;
            json.buffer.clear();
        }
    }
    json.buffer.extend_from_slice(layout.close(count == 0));
    out.write_all(&json.buffer)
}

impl Stream {
    fn step(&mut self, index: u64, json: &mut JsonWriter) {
        if self.script.is_empty() {
            if let Some(service) = self.cast.roll_out(index, self.count) {
                crash::roll_out(&mut self.script, service, self.cast.instance_count(service));
            } else if self.rng.below(CRASH_EVERY) == 0 {
                let (service, instance) = self.cast.draw(&mut self.rng);
                crash::crash(&mut self.script, service, instance);
            }
        }
        if let Some(scripted) = self.script.pop_front() {
            self.now += scripted.lag + self.rng.between(0, 40) * MICRO;
            json.begin(self.now, index, &mut self.rng);
            if scripted.is_start {
                self.cast.renew(scripted.service, scripted.instance, &mut self.rng);
            }
            let place = self.cast.place(scripted.service, scripted.instance);
            lines::scripted(json, place, &scripted);
            return;
        }
        let hour = (self.now % DAY / HOUR) as usize;
        let limit = (self.gap * 2 * GAPS[hour] / 100 / MICRO).max(1);
        self.now += self.rng.between(1, limit) * MICRO;
        json.begin(self.now, index, &mut self.rng);
        self.everyday(json);
    }

    fn everyday(&mut self, json: &mut JsonWriter) {
        let (service, instance) = self.cast.draw(&mut self.rng);
        let place = self.cast.place(service, instance);
        match self.rng.below(1_000) {
            0..340 => lines::request(json, place, &mut self.rng),
            340..380 => lines::output(json, place, &mut self.rng, self.now),
            380..388 if place.is_worse => {
                let template = self.templates.first_error(service);
                lines::message(json, place, template, &mut self.rng);
            }
            _ => {
                let severity = message_severity(&mut self.rng);
                let template = self.templates.draw(service, severity, &mut self.rng);
                lines::message(json, place, template, &mut self.rng);
            }
        }
    }
}

fn message_severity(rng: &mut Rng) -> Severity {
    match rng.below(1_000) {
        0..825 => Severity::Info,
        825..880 => Severity::Debug,
        880..972 => Severity::Warning,
        _ => Severity::Error,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;
    use std::collections::{HashMap, HashSet};

    fn lines(seed: u64, count: u64) -> Vec<Value> {
        let mut bytes = Vec::new();
        write(&mut bytes, seed, count, 7, Layout::Ndjson).unwrap();
        let text = String::from_utf8(bytes).unwrap();
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    #[test]
    fn there_are_exactly_as_many_entries_as_asked_for() {
        for count in [0, 1, 2, 999, 20_000] {
            assert_eq!(lines(7, count).len() as u64, count);
        }
    }

    #[test]
    fn ids_are_unique_and_times_ascend() {
        let entries = lines(42, 30_000);
        let ids: HashSet<&str> = entries.iter().map(|entry| entry["insertId"].as_str().unwrap()).collect();
        assert_eq!(ids.len(), entries.len());
        assert!(entries.is_sorted_by(|a, b| a["timestamp"].as_str() < b["timestamp"].as_str()));
    }

    #[test]
    fn severities_revisions_and_templates_are_mixed_as_described() {
        let entries = lines(42, 60_000);
        let mut severities: HashMap<&str, usize> = HashMap::new();
        let mut revisions = HashSet::new();
        let mut sites = HashSet::new();
        for entry in &entries {
            *severities.entry(entry["severity"].as_str().unwrap_or("DEFAULT")).or_default() += 1;
            revisions.insert(entry["resource"]["labels"]["revision_name"].as_str().unwrap());
            let labels = &entry["jsonPayload"]["labels"];
            sites.insert((labels["module"].as_str(), labels["line"].as_str()));
        }
        let share = |severity| severities[severity] as f64 / entries.len() as f64;
        assert!((0.81..0.88).contains(&share("INFO")), "{severities:?}");
        assert!((0.015..0.03).contains(&share("ERROR")), "{severities:?}");
        assert!(severities["NOTICE"] >= 4 && severities["CRITICAL"] > 0);
        revisions.remove("");
        assert_eq!(revisions.len(), 8);
        assert!(sites.len() > 280, "{} call sites", sites.len());
    }
}
