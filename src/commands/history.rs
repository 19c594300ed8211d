//! `gardener history`: a worklog for each day or revision of the archive, and an index over them.

use std::{process::ExitCode, time::Instant};

use anyhow::{Result, bail};

use super::{configuration, worklog};
use crate::{
    archive,
    cli::{Globals, HistoryArgs},
    report::history::{self, Request},
    text::{
        terminal::{self, say},
        words::{plural, thousands},
    },
    time::period,
};

pub(super) fn run(args: &HistoryArgs, globals: &Globals) -> Result<ExitCode> {
    let quiet = globals.quiet;
    let start = Instant::now();
    let config = configuration(&args.config, globals)?.with_repository(args.repository.repo.as_deref());
    let zone = period::zone(args.tz.as_deref(), config.settings.timezone.as_deref())?;
    let moment = |text: &Option<String>| text.as_deref().map(|text| period::parse_time(text, &zone)).transpose();
    let (from, to, as_of) = (moment(&args.from)?, moment(&args.to)?, moment(&args.as_of)?);
    let path = &args.database.db;
    if !path.is_file() {
        bail!("no database at `{}`\n\nhint: `gardener run EXPORTS...` creates one", path.display());
    }
    let connection = archive::open(path, args.database.memory.as_deref(), &config)?;
    archive::build(&connection, &config, true)?;
    let (first, last) = archive::span(&connection, as_of)?;
    let (from, to) = (from.unwrap_or(first), to.unwrap_or(last + 1).min(last + 1));
    if from >= to {
        bail!(
            "the archive holds no entries from {} to {}\n\nhint: it holds entries from {} to {}",
            period::instant(from),
            period::instant(to),
            period::instant(first),
            period::instant(last)
        );
    }
    let request = Request {
        by: args.by,
        from_ns: from,
        to_ns: to,
        as_of,
        zone: &zone,
        service: args.service.as_deref(),
        writes_unchanged: args.again,
        output: &args.output,
    };
    let written = history::write(&connection, &config, &request, quiet)?;
    terminal::print_path(&written.index)?;
    let kept =
        if written.unchanged > 0 { format!(", {} unchanged", thousands(written.unchanged)) } else { String::new() };
    let seconds = start.elapsed().as_secs_f64();
    say(quiet, &format!("wrote {}{kept}, {seconds:.1} s", plural(written.worklogs, "worklog")));
    Ok(worklog::exit_code(worklog::tell_failures(&written.failures)))
}
