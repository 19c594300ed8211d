//! `gardener forms`: the forms of exports that are recognised, in the order in which they are tried.

use std::{
    io::{self, Write},
    process::ExitCode,
};

use anyhow::Result;

use crate::ingest::formats::FORMS;

pub(super) fn run() -> Result<ExitCode> {
    let mut out = io::stdout().lock();
    writeln!(out, "Recognised by content, plain or in gzip or zstd; from files, folders, patterns or `-`.")?;
    for form in FORMS {
        writeln!(out, "\n{}: {}\n", form.name, form.about)?;
        for line in form.sample.lines() {
            writeln!(out, "    {line}")?;
        }
    }
    Ok(ExitCode::SUCCESS)
}
