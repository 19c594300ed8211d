//! `gardener worklog`: the worklog of a window, one a service.

use std::process::ExitCode;

use anyhow::{Result, bail};
use duckdb::{Connection, params};
use jiff::tz::TimeZone;

use super::{
    build,
    press::{Job, Press},
    say,
};
use crate::{
    cli::{Output, WindowArgs, WorklogArgs},
    model::window::Window,
    report::period::{self, Period},
    rules::RuleSet,
    store,
    words::{hint, plural},
};

pub fn run(args: &WorklogArgs, quiet: bool) -> Result<ExitCode> {
    let rules = RuleSet::load(args.config.config.as_deref())?;
    check(&args.window, &rules)?;
    let path = &args.database.db;
    if !path.is_file() {
        bail!(
            "no database at `{}`\n\nhint: `gardener run EXPORTS...` makes one and writes the worklog",
            path.display()
        );
    }
    let connection = store::open(path, args.database.memory.as_deref())?;
    build::build(&connection, &rules, true)?;
    write(&connection, &rules, &args.window, &args.output, quiet)?;
    Ok(ExitCode::SUCCESS)
}

/// What can be wrong with the words for the window is said before anything is loaded.
pub fn check(args: &WindowArgs, rules: &RuleSet) -> Result<()> {
    let zone = period::zone(args.tz.as_deref(), rules.settings.timezone.as_deref())?;
    period::resolve(args, &zone, i64::MIN / 2, i64::MAX / 2)?;
    args.as_of.as_deref().map(|text| period::parse_time(text, &zone)).transpose()?;
    Ok(())
}

/// Writes one worklog a service and prints where.
pub fn write(connection: &Connection, rules: &RuleSet, args: &WindowArgs, output: &Output, quiet: bool) -> Result<()> {
    let Asked { zone, as_of, period } = Asked::of(connection, rules, args)?;
    let services = services(connection, &period, args.service.as_deref())?;
    let are_several =
        args.service.is_some() && self::services(connection, &period, None)?.len() > 1 || services.len() > 1;
    let jobs: Vec<Job> =
        services.into_iter().map(|service| Job::new(service, None, period.clone(), are_several)).collect();
    let press = Press::new(connection, rules, zone, as_of, output)?;
    for path in press.print(&jobs, quiet)? {
        println!("{}", path.display());
    }
    let forms: Vec<&str> = output.format.iter().map(|format| format.ending()).collect();
    say(quiet, &format!("wrote {} as {}", plural(jobs.len() as u64, "worklog"), forms.join(", ")));
    Ok(())
}

/// What the words for the window come to with this archive.
pub struct Asked {
    pub zone: TimeZone,
    pub as_of: Option<i64>,
    pub period: Period,
}

impl Asked {
    pub fn of(connection: &Connection, rules: &RuleSet, args: &WindowArgs) -> Result<Self> {
        let zone = period::zone(args.tz.as_deref(), rules.settings.timezone.as_deref())?;
        let as_of = args.as_of.as_deref().map(|text| period::parse_time(text, &zone)).transpose()?;
        let (first, last) = archive_span(connection, as_of)?;
        let mut period = period::resolve(args, &zone, first, last)?;
        if let Some(as_of) = as_of {
            period.to_ns = period.to_ns.min(period::whole_minute_after(as_of));
        }
        Ok(Asked { zone, as_of, period })
    }

    /// The windows, one a service.
    pub fn windows(&self, connection: &Connection, service: Option<&str>) -> Result<Vec<Window>> {
        let period = &self.period;
        let window = |service| Window { service, revision: None, from_ns: period.from_ns, to_ns: period.to_ns };
        Ok(services(connection, period, service)?.into_iter().map(window).collect())
    }
}

/// The windows that are asked for, one a service.
pub fn windows(connection: &Connection, rules: &RuleSet, args: &WindowArgs) -> Result<Vec<Window>> {
    Asked::of(connection, rules, args)?.windows(connection, args.service.as_deref())
}

/// First and last entry of the archive, as it was known at `as_of`.
pub fn archive_span(connection: &Connection, as_of: Option<i64>) -> Result<(i64, i64)> {
    let sql = "select epoch_ns(min(first_at)), epoch_ns(max(last_at)) from ( \
                   select entry_at as first_at, entry_at as last_at from raw_entries \
                   union all select first_at, last_at from counted_entries \
               ) where epoch_ns(last_at) <= ?";
    let span: (Option<i64>, Option<i64>) =
        connection.query_row(sql, params![as_of.unwrap_or(i64::MAX)], |row| Ok((row.get(0)?, row.get(1)?)))?;
    match span {
        (Some(first), Some(last)) => Ok((first, last)),
        _ => bail!("the database holds no entries up to that time"),
    }
}

/// The services with something to tell in the window, or with entries at all if none has.
fn services(connection: &Connection, period: &Period, wanted: Option<&str>) -> Result<Vec<String>> {
    let sql = "select service, bool_or(effective_severity > 'INFO'::severity_name) \
               from pattern_minutes where minute >= make_timestamp_ns(?) and minute < make_timestamp_ns(?) \
               group by service order by service";
    let mut statement = connection.prepare(sql)?;
    let mut rows = statement.query(params![period.from_ns, period.to_ns])?;
    let mut found: Vec<(String, bool)> = Vec::new();
    while let Some(row) = rows.next()? {
        found.push((row.get(0)?, row.get(1)?));
    }
    let names = |rows: &[(String, bool)]| rows.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>();
    if let Some(wanted) = wanted {
        if found.iter().any(|(name, _)| name == wanted) {
            return Ok(vec![wanted.to_owned()]);
        }
        bail!("no entries of a service `{wanted}` in the window{}", hint(wanted, &names(&found)));
    }
    if found.is_empty() {
        let (from, to) = (period::instant(period.from_ns), period::instant(period.to_ns));
        let (first, last) = archive_span(connection, None)?;
        bail!(
            "no entries from {from} to {to}\n\nhint: the archive holds {} to {}",
            period::instant(first),
            period::instant(last)
        );
    }
    let told: Vec<_> = found.iter().filter(|(_, has_something)| *has_something).cloned().collect();
    Ok(if told.is_empty() { names(&found) } else { names(&told) })
}
