//! `gardener compare`: which problems came, went, got worse or better from one side to another, and which of their patterns.

use std::{io, process::ExitCode};

use anyhow::Result;

use jiff::tz::TimeZone;
use serde_json::json;

use super::configuration;
use crate::{
    archive::{open_built, redactor},
    cli::{CompareArgs, CompareFormat, Globals, Verdict},
    config::Config,
    model::sides::{self, Pair, Wanted},
    report::{
        Renderer,
        document::{
            comparison::{ComparedPair, Comparison, PairChangeRow, PairExposureRow, PairRequestRow, PairValueRow},
            deployments::PairSettingsRow,
            hide_values, pair_code, redacted,
        },
    },
    repository::Repositories,
    sql::{connection::Connection, row::rows_as},
    text::{
        csv::{self, Formulas},
        redact::Redactor,
        terminal::{self, say},
    },
    time::period,
};

pub(super) fn run(args: &CompareArgs, globals: &Globals) -> Result<ExitCode> {
    let (document, text) = compared(args, globals)?;
    let printed =
        if args.format == CompareFormat::Table { terminal::print_text(&text) } else { terminal::print(&text) };
    // who reads no more still gets the status
    printed.or_else(|error| if error.kind() == io::ErrorKind::BrokenPipe { Ok(()) } else { Err(error) })?;
    Ok(status(&document, &args.fail_on))
}

/// The comparison, and its text in the asked format.
pub(super) fn compared(args: &CompareArgs, globals: &Globals) -> Result<(Comparison, String)> {
    let config = configuration(&args.config, globals)?.with_repository(args.repository.repo.as_deref());
    let zone = period::zone(args.tz.as_deref(), config.settings.timezone.as_deref())?;
    let connection = open_built(&args.database.db, args.database.memory.as_deref(), &config)?;
    let redactor = redactor(&connection, &config)?;
    let document = document(&connection, args, &config, &zone, &redactor, globals.quiet)?;
    if !document.left_out.is_empty() {
        say(globals.quiet, &format!("left out, because one side has no entries: {}", document.left_out.join(", ")));
    }
    let text = match args.format {
        CompareFormat::Json => crate::report::json::COMPARISON.text(&document)?,
        CompareFormat::Csv => csv_of(&document, Formulas::guarded(args.csv.csv_safe)),
        CompareFormat::Table => Renderer::new(zone, &config.overrides)?.render("comparison.txt", &document.view())?,
        CompareFormat::Markdown => Renderer::new(zone, &config.overrides)?.render("comparison.md", &document.view())?,
    };
    Ok((document, text))
}

/// The pairs with the rows of each query about them.
fn document(
    connection: &Connection,
    args: &CompareArgs,
    config: &Config,
    zone: &TimeZone,
    redactor: &Redactor,
    quiet: bool,
) -> Result<Comparison> {
    let wanted = Wanted {
        service: args.service.as_deref(),
        location: args.location.as_deref(),
        project: args.project.as_deref(),
    };
    let pairs = sides::pairs(connection, &args.base, &args.target, wanted, zone)?;
    let least = args.severity.map_or(config.minimum_severity(), |severity| severity.name());
    let parameters = [("pairs", pairs.parameter().into()), ("least_severity", least.to_owned().into())];
    let exposures = rows_as::<PairExposureRow>(connection, &parameters)?;
    let of = |subject: &str| {
        let subject = [("subject", subject.to_owned().into())];
        rows_as::<PairChangeRow>(connection, &[&parameters[..], &subject].concat())
    };
    let (problems, changes) = (of("problem")?, of("pattern")?);
    let settings = rows_as::<PairSettingsRow>(connection, &parameters)?;
    let requests = rows_as::<PairRequestRow>(connection, &parameters)?;
    let mut new_values = rows_as::<PairValueRow>(connection, &parameters)?;
    for PairValueRow { value, name, position, template, .. } in &mut new_values {
        hide_values([value], name.as_deref(), Some((*position, template.as_str())), redactor);
    }
    let compared = |pair: Pair| ComparedPair {
        commits: None,
        settings: settings.iter().find(|row| row.pair_id == pair.pair_id).cloned(),
        exposures: exposures.iter().filter(|row| row.pair_id == pair.pair_id).cloned().collect(),
        problems: problems.iter().filter(|row| row.pair_id == pair.pair_id).cloned().collect(),
        changes: changes.iter().filter(|row| row.pair_id == pair.pair_id).cloned().collect(),
        requests: requests.iter().filter(|row| row.pair_id == pair.pair_id).cloned().collect(),
        new_values: new_values.iter().filter(|row| row.pair_id == pair.pair_id).cloned().collect(),
        pair,
    };
    let mut compared: Vec<ComparedPair> = pairs.rows.into_iter().map(compared).collect();
    let repositories = Repositories::open(&config.repositories);
    repositories.faults().for_each(|fault| say(quiet, &fault));
    for span in pair_code::fill(connection, &parameters, &repositories, &mut compared)? {
        say(quiet, &format!("no commits, because `{span}` is no revision"));
    }
    let document = Comparison {
        left_out: pairs.left_out,
        least_severity: least.to_owned(),
        shows_all: args.all,
        lists_patterns: args.patterns,
        pairs: compared,
    };
    redacted(&document, redactor)
}

/// 1 if a problem (or pattern, if these are listed) or a measure of requests has a verdict that is asked to fail on, 3 if all it has is what was not collected.
fn status(document: &Comparison, fail_on: &[Verdict]) -> ExitCode {
    let changes = document.rows().map(|row| &row.verdict);
    let requests = document.pairs.iter().flat_map(|pair| &pair.requests).map(|row| &row.verdict);
    let found: Vec<&String> = changes.chain(requests).collect();
    let has = |verdict: &Verdict| found.iter().any(|found| *found == verdict.words());
    if fail_on.iter().any(|verdict| *verdict != Verdict::NotCollected && has(verdict)) {
        ExitCode::from(1)
    } else if fail_on.iter().any(has) {
        ExitCode::from(3)
    } else {
        ExitCode::SUCCESS
    }
}

/// A column of CSV: its name, and how a row fills it.
type CsvColumn = (&'static str, fn(&PairChangeRow) -> String);

/// The columns of the rows of changes, as SQL names them.
const COLUMNS: [CsvColumn; 21] = [
    ("service", |row| row.service.clone()),
    ("pattern_id", |row| row.pattern_id.clone()),
    ("verdict", |row| row.verdict.clone()),
    ("base_severity", |row| row.base_severity.clone().unwrap_or_default()),
    ("target_severity", |row| row.target_severity.clone().unwrap_or_default()),
    ("base_count", |row| row.base_count.to_string()),
    ("base_exposure", |row| number(Some(row.base_exposure))),
    ("target_count", |row| row.target_count.to_string()),
    ("target_exposure", |row| number(Some(row.target_exposure))),
    ("exposure_unit", |row| row.exposure_unit.clone()),
    ("ratio", |row| number(row.ratio)),
    ("ratio_lower", |row| number(row.ratio_lower)),
    ("ratio_upper", |row| number(row.ratio_upper)),
    ("p", |row| number(row.p)),
    ("q", |row| number(row.q)),
    ("dispersion", |row| number(Some(row.dispersion))),
    ("reason", |row| row.reason.clone().unwrap_or_default()),
    ("cluster_id", |row| row.cluster_id.clone().unwrap_or_default()),
    ("template", |row| row.template.clone()),
    ("problem_id", |row| row.problem_id.clone()),
    ("name", |row| row.name.clone().unwrap_or_default()),
];

/// As in JSON.
fn number(number: Option<f64>) -> String {
    number.map(|number| json!(number).to_string()).unwrap_or_default()
}

fn csv_of(document: &Comparison, formulas: Formulas) -> String {
    let lines = document.rows().map(|row| csv::line(COLUMNS.map(|(_, field)| field(row)), formulas));
    [csv::line(COLUMNS.map(|(name, _)| name), formulas)].into_iter().chain(lines).collect()
}
