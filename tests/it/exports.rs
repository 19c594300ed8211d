//! Exports with written truths: whether what is wrong is told, and nothing else. `tests/cases/exports/README.md` describes a case.

use std::{
    collections::BTreeMap,
    env,
    fmt::Write,
    fs,
    path::{Path, PathBuf},
    sync::LazyLock,
};

use regex::Regex;
use serde::Deserialize;
use serde_json::Value;

use super::support::{Garden, project, text};

/// After the last entry of all cases.
const AFTER_ALL: &str = "2026-12-01T00:00:00Z";

/// What of the wrong has to be told in each half, in percent.
const LEAST_TOLD: usize = 95;

/// The severities of the log, the least first.
const SEVERITIES: &[&str] =
    &["DEFAULT", "DEBUG", "INFO", "NOTICE", "WARNING", "ERROR", "CRITICAL", "ALERT", "EMERGENCY"];

/// What of a cluster is read for `text`.
const TEXTS: &[&str] = &[
    "name",
    "headline",
    "lead_name",
    "lead_template",
    "lead_message",
    "lead_exception",
    "strongest_name",
    "members",
    "cascade",
    "fields",
    "variables",
];

#[derive(Deserialize)]
#[serde(try_from = "String")]
struct Pattern(Regex);

impl TryFrom<String> for Pattern {
    type Error = regex::Error;

    fn try_from(pattern: String) -> Result<Self, regex::Error> {
        Regex::new(&pattern).map(Self)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Truth {
    says: String,
    project: String,
    entries: i64,
    #[serde(default)]
    kept: bool,
    #[serde(default)]
    well: bool,
    #[serde(default)]
    wrong: Vec<Wrong>,
    #[serde(default)]
    not: Vec<Not>,
}

/// What a cluster has to say, or with `worklog` what has to stand anywhere in the worklog.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wrong {
    service: Option<String>,
    text: Option<Pattern>,
    name: Option<Pattern>,
    also: Option<Pattern>,
    #[serde(default)]
    worklog: Vec<Pattern>,
    priority: Option<String>,
    severity: Option<String>,
    count: Option<i64>,
    first: Option<String>,
    introduced: Option<String>,
    #[serde(default)]
    leads: bool,
    /// It is over at the end: `priority` is what it had while it lasted.
    #[serde(default)]
    ended: bool,
}

/// What must not be claimed.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Not {
    service: Option<String>,
    name: Option<Pattern>,
    worklog: Option<Pattern>,
    whole: Option<Pattern>,
    /// Why it is claimed still. Once it is not, this has to go.
    still: Option<String>,
}

/// The worklog of one service.
struct Told {
    service: String,
    clusters: Vec<Value>,
    /// What is read of it: without samples.
    read: String,
    whole: String,
}

/// What was found of a case, or of a half of them.
#[derive(Default)]
struct Found {
    cases: usize,
    told: usize,
    wrong: usize,
    alarms: usize,
    claims: usize,
    /// Of the claims, those that are known to be made still.
    known: usize,
    lines: String,
}

impl Told {
    fn of(json: &Path) -> (String, Self) {
        static SAMPLES: LazyLock<Regex> = LazyLock::new(|| Regex::new("(?ms)^```json\n.*?^```\\s*$").unwrap());
        static ASIDES: LazyLock<Regex> =
            LazyLock::new(|| Regex::new(r"(?m)^(?:Entries of this cluster:|- \*\*Correlation:\*\*).*$").unwrap());
        static ESCAPES: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\\([!-/:-@\[-`{-~])").unwrap());
        let plain = |text: &str| ESCAPES.replace_all(text, "$1").into_owned();
        let mut document: Value = serde_json::from_slice(&fs::read(json).unwrap()).unwrap();
        let page = fs::read_to_string(json.with_extension("md")).unwrap();
        let read = plain(&ASIDES.replace_all(&SAMPLES.replace_all(&page, ""), ""));
        let Value::Array(clusters) = document["clusters"].take() else { panic!("clusters of {}", json.display()) };
        let word = |name: &str| document[name].as_str().unwrap_or_default().to_owned();
        (word("project"), Self { service: word("service"), clusters, read, whole: plain(&page) })
    }

    /// `api` names `api`, `api (europe-west1)` and `type/api`.
    fn is_of(&self, service: Option<&String>) -> bool {
        let short = self.service.split(" (").next().unwrap();
        service.is_none_or(|service| {
            self.service == *service || short == service || short.ends_with(&format!("/{service}"))
        })
    }
}

impl Wrong {
    /// Whether a cluster is the one that is meant.
    fn is(&self, cluster: &Value) -> bool {
        match (&self.text, &self.name) {
            (Some(text), _) => says(cluster, text),
            (None, Some(name)) => name.0.is_match(&label(cluster)),
            (None, None) => false,
        }
    }

    /// Whether a cluster belongs to what is wrong.
    fn has(&self, cluster: &Value) -> bool {
        self.is(cluster) || self.also.as_ref().is_some_and(|also| says(cluster, also))
    }

    /// How a cluster differs from what is wrong.
    fn differences(&self, cluster: &Value) -> Vec<String> {
        let word = |name: &str| cluster[name].as_str().unwrap_or_default().to_owned();
        let mut found = Vec::new();
        let mut differs = |is_right: bool, what: String| {
            if !is_right {
                found.push(what);
            }
        };
        if let Some(name) = &self.name {
            differs(name.0.is_match(&label(cluster)), "another name".to_owned());
        }
        if let Some(priority) = &self.priority {
            let least = if self.ended { priority.as_str().max("P2") } else { priority };
            differs(word("priority").as_str() <= least, format!("priority {}", word("priority")));
        }
        differs(!self.ended || word("state") == "ended", format!("state {}", word("state")));
        if let Some(severity) = &self.severity {
            let rank = |name: &str| SEVERITIES.iter().position(|known| *known == name).unwrap();
            differs(rank(&word("severity")) >= rank(severity), format!("severity {}", word("severity")));
        }
        if let Some(count) = self.count {
            let counts = self.counts(cluster);
            differs(counts.contains(&count), format!("counts {counts:?}"));
        }
        if let Some(first) = &self.first {
            let is_first = |of: &Value| minute(&of["first_ns"]) == *first;
            let is_right = is_first(cluster) || list(cluster, "members").iter().any(is_first);
            differs(is_right, format!("first {}", minute(&cluster["first_ns"])));
        }
        if let Some(revision) = &self.introduced {
            let origins: Vec<_> =
                list(cluster, "origins").iter().filter_map(|row| row["first_revision"].as_str()).collect();
            differs(origins.contains(&revision.as_str()), format!("introduced by {origins:?}"));
        }
        differs(!self.leads || cluster["cluster_number"] == 1, format!("cluster {}", cluster["cluster_number"]));
        found
    }

    /// Events, else entries; incidents; and the entries of each pattern that is meant.
    fn counts(&self, cluster: &Value) -> Vec<i64> {
        let number = |row: &Value, name: &str| row[name].as_i64().unwrap_or_default();
        let events = number(cluster, "event_count");
        let mut counts =
            vec![if events > 0 { events } else { number(cluster, "entry_count") }, number(cluster, "request_count")];
        let incidents = list(cluster, "incident_rows").iter();
        counts.extend(incidents.map(|row| number(row, "whole_count") + number(row, "cut_count")));
        let pattern = self.text.as_ref().or(self.name.as_ref());
        let is_meant = |row: &&Value| pattern.is_some_and(|pattern| has_text(row, pattern));
        counts.extend(list(cluster, "members").iter().filter(is_meant).map(|row| number(row, "entry_count")));
        counts
    }

    /// What is missing in the worklogs of a case, if anything.
    fn missing(&self, told: &[&Told]) -> Option<String> {
        if !self.worklog.is_empty() {
            let is_read = |pattern: &&Pattern| told.iter().any(|told| pattern.0.is_match(&told.read));
            let missing: Vec<_> =
                self.worklog.iter().filter(|pattern| !is_read(pattern)).map(|pattern| pattern.0.as_str()).collect();
            return (!missing.is_empty()).then(|| format!("not in the worklog: {missing:?}"));
        }
        let clusters = || told.iter().flat_map(|told| &told.clusters);
        let meant = clusters().filter(|cluster| self.is(cluster));
        let nearest = meant.map(|cluster| (self.differences(cluster), label(cluster))).min_by_key(|(all, _)| all.len());
        match nearest {
            Some((differences, _)) if differences.is_empty() => None,
            Some((differences, name)) => Some(format!("`{name}`: {}", differences.join(", "))),
            None => {
                let names: Vec<_> =
                    clusters().map(|cluster| format!("{} {}", urgency(cluster), label(cluster))).collect();
                Some(format!("no such cluster among {names:?}"))
            }
        }
    }

    /// What was expected, in a line.
    fn line(&self) -> String {
        let patterns = [&self.text, &self.name].into_iter().flatten().chain(&self.worklog);
        let patterns: Vec<_> = patterns.map(|pattern| pattern.0.as_str()).collect();
        let mut line = self.service.clone().unwrap_or_default();
        for part in [&self.priority, &self.severity, &self.first, &self.introduced].into_iter().flatten() {
            let _ = write!(line, " {part}");
        }
        if let Some(count) = self.count {
            let _ = write!(line, " {count} times");
        }
        format!("{} `{}`", line.trim_start(), patterns.join("`, `"))
    }
}

impl Not {
    /// What is claimed in a worklog though it is not so.
    fn claims(&self, told: &Told) -> Vec<String> {
        let mut found = Vec::new();
        if let Some(name) = &self.name {
            let names = told.clusters.iter().map(|cluster| format!("{} {}", urgency(cluster), label(cluster)));
            found.extend(names.zip(&told.clusters).filter(|(_, of)| name.0.is_match(&label(of))).map(|(name, _)| name));
        }
        for (pattern, text) in [(&self.worklog, &told.read), (&self.whole, &told.whole)] {
            let claim = pattern.as_ref().and_then(|pattern| pattern.0.find(text));
            found.extend(claim.map(|claim| claim.as_str().to_owned()));
        }
        found
    }
}

impl Found {
    fn of(truth: &Truth, told: &[Told]) -> Self {
        let mut found = Self { cases: 1, wrong: truth.wrong.len(), ..Self::default() };
        for wrong in &truth.wrong {
            let of: Vec<&Told> = told.iter().filter(|told| told.is_of(wrong.service.as_ref())).collect();
            match wrong.missing(&of) {
                None => found.told += 1,
                Some(missing) => found.line("not told", &format!("{}\n      found {missing}", wrong.line())),
            }
        }
        for told in told {
            let is_known = |cluster: &Value| {
                truth.wrong.iter().any(|wrong| told.is_of(wrong.service.as_ref()) && wrong.has(cluster))
            };
            for cluster in told.clusters.iter().filter(|cluster| urgency(cluster) <= "P2" && !is_known(cluster)) {
                found.alarms += 1;
                let count = &cluster["entry_count"];
                found.line(
                    "false alarm",
                    &format!("{}: {} {}, {count} entries", told.service, urgency(cluster), label(cluster)),
                );
            }
        }
        for not in &truth.not {
            let of = told.iter().filter(|told| told.is_of(not.service.as_ref()));
            let claims: Vec<(&Told, String)> =
                of.flat_map(|told| not.claims(told).into_iter().map(move |claim| (told, claim))).collect();
            found.claims += claims.len();
            found.known += if not.still.is_some() { claims.len() } else { 0 };
            for (told, claim) in &claims {
                found.line("must not stand", &format!("{}: {claim}", told.service));
            }
            if let (Some(why), true) = (&not.still, claims.is_empty()) {
                found.claims += 1;
                found.line("is claimed no longer: take `still` away", why);
            }
        }
        found
    }

    fn line(&mut self, what: &str, text: &str) {
        let _ = writeln!(self.lines, "  {what}: {text}");
    }

    fn add(&mut self, name: &str, truth: &Truth, case: &Self) {
        self.cases += case.cases;
        self.told += case.told;
        self.wrong += case.wrong;
        self.alarms += case.alarms;
        self.claims += case.claims;
        self.known += case.known;
        if !case.lines.is_empty() {
            let _ = write!(self.lines, "{name}: {}\n{}", truth.says, case.lines);
        }
    }

    fn is_right(&self, least: usize) -> bool {
        100 * self.told >= least * self.wrong && self.alarms == 0 && self.claims == self.known
    }

    fn row(&self, half: &str) -> String {
        let Self { cases, told, wrong, alarms, claims, .. } = self;
        format!("| {half:<10} | {cases:>5} | {told:>4} of {wrong:>4} | {alarms:>12} | {claims:>12} |\n")
    }
}

fn label(cluster: &Value) -> String {
    let name = cluster["name"].as_str().unwrap_or_default();
    match cluster["headline"].as_str() {
        Some(headline) if !headline.is_empty() && headline != name => format!("{name}: {headline}"),
        _ => name.to_owned(),
    }
}

fn urgency(cluster: &Value) -> &str {
    cluster["priority"].as_str().unwrap()
}

fn list<'a>(of: &'a Value, name: &str) -> &'a [Value] {
    of[name].as_array().map_or(&[], Vec::as_slice)
}

fn says(cluster: &Value, pattern: &Pattern) -> bool {
    TEXTS.iter().any(|name| has_text(&cluster[name], pattern))
}

/// Whether a text anywhere inside matches.
fn has_text(value: &Value, pattern: &Pattern) -> bool {
    match value {
        Value::String(text) => pattern.0.is_match(text),
        Value::Array(values) => values.iter().any(|value| has_text(value, pattern)),
        Value::Object(values) => values.values().any(|value| has_text(value, pattern)),
        _ => false,
    }
}

fn minute(ns: &Value) -> String {
    let at = ns.as_i64().and_then(|ns| jiff::Timestamp::from_nanosecond(ns.into()).ok());
    at.map(|at| at.strftime("%Y-%m-%dT%H:%M").to_string()).unwrap_or_default()
}

/// Name, export and truth of each case, or of those that `CASE` begins.
fn cases() -> Vec<(String, PathBuf, Truth)> {
    let folder = project().join("tests/cases/exports");
    let wanted = env::var("CASE").unwrap_or_default();
    let files = || fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path());
    let name_of = |path: &Path| path.file_name().unwrap().to_string_lossy().split('.').next().unwrap().to_owned();
    let is_truth = |path: &Path| path.extension().is_some_and(|ending| ending == "toml");
    let exports: BTreeMap<String, PathBuf> = files()
        .filter(|path| !is_truth(path) && !path.ends_with("README.md"))
        .map(|path| (name_of(&path), path))
        .collect();
    let truths: BTreeMap<String, PathBuf> =
        files().filter(|path| is_truth(path)).map(|path| (name_of(&path), path)).collect();
    assert!(exports.keys().eq(truths.keys()), "an export without a truth, or a truth without an export");
    let read = |path: &Path| {
        toml::from_str(&fs::read_to_string(path).unwrap()).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    };
    let wanted = exports.into_iter().filter(|(name, _)| name.starts_with(&wanted));
    wanted
        .map(|(name, export)| {
            let truth = read(&truths[&name]);
            (name, export, truth)
        })
        .collect()
}

#[test]
fn what_is_wrong_is_told_and_nothing_else() {
    let cases = cases();
    let garden = Garden::new();
    let run = |arguments: &[&str]| {
        let output = garden.gardener(arguments);
        assert!(output.status.success(), "{arguments:?}\n{}", text(&output.stderr));
    };
    let files: Vec<String> = cases.iter().map(|(_, export, _)| export.display().to_string()).collect();
    let load: Vec<&str> = ["load"].into_iter().chain(files.iter().map(String::as_str)).collect();
    run(&load);
    run(&["build"]);
    run(&["worklog", "--format", "json", "--last", "90000d", "--as-of", AFTER_ALL]);

    let rows = garden.query("select project, count(*) as entry_count from entries group by project");
    let loaded: BTreeMap<&str, i64> =
        rows.iter().map(|row| (row["project"].as_str().unwrap(), row["entry_count"].as_i64().unwrap())).collect();
    let mut told: BTreeMap<String, Vec<Told>> = BTreeMap::new();
    for path in fs::read_dir(garden.path("worklogs")).unwrap().map(|entry| entry.unwrap().path()) {
        let is_latest = path.file_name().unwrap().to_string_lossy().starts_with("latest");
        if path.extension().is_some_and(|ending| ending == "json") && !is_latest {
            let (project, of) = Told::of(&path);
            told.entry(project).or_default().push(of);
        }
    }

    let (mut open, mut kept) = (Found::default(), Found::default());
    for (name, _, truth) in &cases {
        assert_eq!(truth.well, truth.wrong.is_empty(), "{name}: `well`, or what is wrong");
        assert_eq!(loaded.get(truth.project.as_str()), Some(&truth.entries), "{name}: entries");
        let found = Found::of(truth, told.get(&truth.project).map_or(&[], Vec::as_slice));
        if truth.kept { &mut kept } else { &mut open }.add(name, truth, &found);
    }
    let table = format!(
        "| half       | cases | told         | false alarms | false claims |\n|---|---|---|---|---|\n{}{}",
        open.row("open"),
        kept.row("kept aside")
    );
    // of a few cases, all is looked at
    let least = if env::var_os("CASE").is_some() { 100 } else { LEAST_TOLD };
    let is_right = open.is_right(least) && kept.is_right(least);
    assert!(is_right, "\n{}{}\n{table}", open.lines, kept.lines);
    println!("{}{}\n{table}", open.lines, kept.lines);
}
