//! `gardener sample`: a made-up archive on standard output.

use std::{
    io::{BufWriter, Write, stdout},
    process::ExitCode,
};

use anyhow::Result;

use crate::{
    cli::{SampleArgs, SampleLayout, Story},
    sample::{self, Layout, Options},
};

pub(super) fn run(args: &SampleArgs) -> Result<ExitCode> {
    let mut out = BufWriter::with_capacity(1 << 20, stdout().lock());
    let layout = match args.layout {
        SampleLayout::Ndjson => Layout::Ndjson,
        SampleLayout::Array => Layout::Array,
    };
    match args.story {
        Story::Seasons => {
            let options = Options { seed: args.seed, entries: args.entries, days: args.days, layout };
            sample::write(&mut out, &options)?;
        }
        Story::Incident => sample::write_incident(&mut out, args.seed)?,
    }
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}
