//! An archive: its database opened and built, what it holds, and the windows that are asked of it.

use std::{path::Path, time::Instant};

use anyhow::{Result, bail};
use duckdb::params;
use jiff::tz::TimeZone;

use crate::{
    config::Config,
    model::{
        build::{self, Built},
        functions, macros,
        services::is_called,
        window::Window,
    },
    report::document::deployments::LastDeploymentRow,
    sql::{connection::Connection, row::rows_as},
    store,
    text::{
        redact::Redactor,
        terminal::say,
        words::{hint, plural},
    },
    time::period::{self, Period, WindowArgs},
};

/// Hides secrets in what is shown of log text, with stand-ins that differ from database to database.
pub fn redactor(connection: &Connection, config: &Config) -> Result<Redactor> {
    Ok(Redactor::new(store::salt::of(connection)?, &config.settings.redact_off))
}

/// A database to write, made if it is not there.
pub fn open(path: &Path, memory: Option<&str>, config: &Config) -> Result<Connection> {
    Ok(connection(store::open(path, memory)?, config))
}

fn connection(inner: duckdb::Connection, config: &Config) -> Connection {
    Connection::new(inner, config.overrides.clone(), config.tracing)
}

/// A database to read whose models are built, with the functions and macros that queries call.
pub fn open_built(path: &Path, memory: Option<&str>, config: &Config) -> Result<Connection> {
    let connection = connection(store::open_to_read(path, memory)?, config);
    if !store::is_built(&connection)? {
        bail!("no models in `{}`\n\nhint: `gardener build` builds them", path.display());
    }
    tune(&connection)?;
    functions::register(&connection)?;
    macros::register(&connection)?;
    Ok(connection)
}

/// Up to so many entries, DuckDB takes longer to optimise the models' queries than to answer them as they are written.
const FEW_ENTRIES: u64 = 5_000;

fn tune(connection: &Connection) -> Result<()> {
    let sql = "select (select count(*) from raw_entries) + (select count(*) from counted_entries)";
    let entries: u64 = connection.query_row(sql, [], |row| row.get(0))?;
    if entries <= FEW_ENTRIES {
        connection.execute_batch("pragma disable_optimizer; set threads = 1")?;
    }
    Ok(())
}

/// The services of the archive, each in a window that holds all of it and in one of the last 24 hours: of what was all
/// along it is asked how often, of now in which state.
pub fn whole_archive(connection: &Connection, service: Option<&str>) -> Result<Vec<Window>> {
    let mut statement = connection.prepare("select distinct service from pattern_traits order by service")?;
    let services = statement.query_map([], |row| row.get(0))?.collect::<duckdb::Result<Vec<String>>>()?;
    let (first, last) = span(connection, None)?;
    let (first, to_ns) = (period::whole_minute_before(first), period::whole_minute_after(last + 1));
    let froms = [first, first.max(to_ns - period::DAY_NS)];
    let windows =
        |service: &String| froms.map(|from_ns| Window { service: service.clone(), revision: None, from_ns, to_ns });
    let list: Vec<Window> = services
        .iter()
        .filter(|known| service.is_none_or(|service| is_called(known, service)))
        .flat_map(windows)
        .collect();
    match service {
        Some(service) if list.is_empty() => {
            bail!("no entries of the service `{service}`{}", hint(service, &services))
        }
        _ => Ok(list),
    }
}

/// What can be wrong with the words for the window is said before anything is loaded.
pub fn check(args: &WindowArgs, config: &Config) -> Result<()> {
    let zone = period::zone(args.tz.as_deref(), config.settings.timezone.as_deref())?;
    period::resolve(args, &zone, i64::MIN / 2, i64::MAX / 2)?;
    args.as_of.as_deref().map(|text| period::parse_time(text, &zone)).transpose()?;
    Ok(())
}

/// What the words for the window come to with this archive.
pub struct Asked {
    pub zone: TimeZone,
    pub as_of: Option<i64>,
    /// Of all services; [`Asked::periods`] has each one's.
    pub period: Period,
    /// Where windows begin with deployments: each service that had one, and when.
    deployed: Option<Vec<LastDeploymentRow>>,
}

impl Asked {
    pub fn of(connection: &Connection, config: &Config, args: &WindowArgs) -> Result<Self> {
        let zone = period::zone(args.tz.as_deref(), config.settings.timezone.as_deref())?;
        let as_of = args.as_of.as_deref().map(|text| period::parse_time(text, &zone)).transpose()?;
        let (first, last) = span(connection, as_of)?;
        let mut period = period::resolve(args, &zone, first, last)?;
        if let Some(as_of) = as_of {
            period.to_ns = period.to_ns.min(period::whole_minute_after(as_of));
        }
        let deployed =
            args.is_since_deployment().then(|| last_deployments(connection, args, period.to_ns)).transpose()?;
        if let Some(first) = deployed.iter().flatten().map(|row| row.change_ns).min() {
            period.from_ns = period::whole_minute_before(first);
        }
        Ok(Asked { zone, as_of, period, deployed })
    }

    /// The services that are asked for, each with its time.
    pub fn periods(&self, connection: &Connection, service: Option<&str>) -> Result<Vec<(String, Period)>> {
        let found = services(connection, &self.period, service)?;
        let Some(deployed) = &self.deployed else {
            return Ok(found.into_iter().map(|service| (service, self.period.clone())).collect());
        };
        let since = |service: String| {
            let row = deployed.iter().find(|row| row.service == service)?;
            let from_ns = period::whole_minute_before(row.change_ns);
            Some((service, Period { from_ns, ..self.period.clone() }))
        };
        Ok(found.into_iter().filter_map(since).collect())
    }

    /// The windows, one a service.
    pub fn windows(&self, connection: &Connection, service: Option<&str>) -> Result<Vec<Window>> {
        let window = |(service, period): (String, Period)| Window {
            service,
            revision: None,
            from_ns: period.from_ns,
            to_ns: period.to_ns,
        };
        Ok(self.periods(connection, service)?.into_iter().map(window).collect())
    }
}

/// The windows that are asked for, one a service.
pub fn windows(connection: &Connection, config: &Config, args: &WindowArgs) -> Result<Vec<Window>> {
    Asked::of(connection, config, args)?.windows(connection, args.service.as_deref())
}

/// The last deployments of the services that are asked for.
fn last_deployments(connection: &Connection, args: &WindowArgs, to_ns: i64) -> Result<Vec<LastDeploymentRow>> {
    let all = rows_as::<LastDeploymentRow>(connection, &[("to_ns", to_ns.into())])?;
    let is_wanted = |row: &LastDeploymentRow| args.service.as_ref().is_none_or(|name| is_called(&row.service, name));
    let (wanted, others): (Vec<_>, Vec<_>) = all.into_iter().partition(is_wanted);
    if wanted.is_empty() {
        let of = args.service.as_ref().map(|name| format!(" of the service `{name}`")).unwrap_or_default();
        let known: Vec<&str> = others.iter().map(|row| row.service.as_str()).collect();
        let known = if known.is_empty() { String::new() } else { format!("; known are those of {}", known.join(", ")) };
        bail!(
            "no deployment{of} is known\n\nhint: entries of the log `cloudaudit.googleapis.com/activity` tell of \
             deployments{known}; or name the time, as in `--from 2025-09-14T10:00`"
        );
    }
    Ok(wanted)
}

/// First and last entry of the archive, as it was known at `as_of`. An entry that says it was written more than a day
/// after it was received comes from a clock that is wrong: it is not the last one, unless there are no others.
pub fn span(connection: &Connection, as_of: Option<i64>) -> Result<(i64, i64)> {
    let sql = "select epoch_ns(min(first_at)), epoch_ns(coalesce(max(last_at) filter (not is_ahead), max(last_at))) from ( \
                   select entry_at as first_at, entry_at as last_at, \
                       coalesce(entry_at > received_at + interval 1 day, false) as is_ahead \
                   from raw_entries \
                   union all select first_at, last_at, false from counted_entries \
               ) where epoch_ns(last_at) <= ?";
    let span: (Option<i64>, Option<i64>) =
        connection.query_row(sql, params![as_of.unwrap_or(i64::MAX)], |row| Ok((row.get(0)?, row.get(1)?)))?;
    match span {
        (Some(first), Some(last)) => Ok((first, last)),
        _ => bail!("the database holds no entries up to the requested time"),
    }
}

/// Whether more services than one log anything that worklogs are about.
pub fn holds_several(connection: &Connection) -> Result<bool> {
    let sql =
        "select count(distinct service) > 1 from pattern_minutes where effective_severity > 'INFO'::severity_name";
    Ok(connection.query_row(sql, [], |row| row.get(0))?)
}

/// The services with entries to report in the window, or with entries at all if none has.
pub fn services(connection: &Connection, period: &Period, wanted: Option<&str>) -> Result<Vec<String>> {
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
        let named: Vec<String> = names(&found).into_iter().filter(|name| is_called(name, wanted)).collect();
        if !named.is_empty() {
            return Ok(named);
        }
        bail!("no entries of the service `{wanted}` in the window{}", hint(wanted, &names(&found)));
    }
    if found.is_empty() {
        let (from, to) = (period::instant(period.from_ns), period::instant(period.to_ns));
        let (first, last) = span(connection, None)?;
        bail!(
            "no entries from {from} to {to}\n\nhint: the archive holds entries from {} to {}",
            period::instant(first),
            period::instant(last)
        );
    }
    let told: Vec<_> = found.iter().filter(|(_, has_something)| *has_something).cloned().collect();
    Ok(if told.is_empty() { names(&found) } else { names(&told) })
}

/// Builds the models if anything changed, and says what was built.
pub fn build(connection: &Connection, config: &Config, quiet: bool) -> Result<()> {
    tune(connection)?;
    functions::register(connection)?;
    let start = Instant::now();
    let how = build::build(connection, config)?;
    if how == Built::Before {
        say(quiet, "models are up to date");
        return Ok(());
    }
    let sql = "select (select count(*) from patterns), (select coalesce(sum(entry_count), 0)::ubigint from patterns)";
    let (patterns, entries): (u64, u64) = connection.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let (entries, patterns, seconds) =
        (plural(entries, "entry"), plural(patterns, "pattern"), start.elapsed().as_secs_f64());
    let (verb, why) = match how {
        Built::Grown => ("updated", String::new()),
        Built::Again(why) => ("built", format!("; all of them, since {why}")),
        Built::Whole | Built::Before => ("built", String::new()),
    };
    say(quiet, &format!("{verb} models: {entries} in {patterns}, {seconds:.1} s{why}"));
    tell_missing_pieces(connection, quiet)
}

fn tell_missing_pieces(connection: &Connection, quiet: bool) -> Result<()> {
    let sql = "select count(*), coalesce(sum(missing_count), 0)::ubigint from trace_events where missing_count > 0";
    let (events, pieces): (u64, u64) = connection.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?)))?;
    if events > 0 {
        let (are, is) = (if events == 1 { "is" } else { "are" }, if pieces == 1 { "is" } else { "are" });
        let (events, pieces) = (plural(events, "split entry"), plural(pieces, "piece"));
        say(quiet, &format!("{events} {are} incomplete: {pieces} {is} missing from the loaded exports"));
    }
    Ok(())
}
