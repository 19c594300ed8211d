//! `gardener brief`: the first screen of a worklog, within a bound.

use std::process::ExitCode;

use anyhow::Result;

use super::configuration;
use crate::{
    archive::{self, Asked, open_built, redactor},
    cli::{BriefArgs, BriefFormat, Globals},
    model::window::{Windows, build_cluster_details},
    report::{
        Renderer,
        brief::brief,
        document::{cluster_answers, summaries},
        json,
    },
    repository::Repositories,
    text::terminal,
};

pub(super) fn run(args: &BriefArgs, globals: &Globals) -> Result<ExitCode> {
    let config = configuration(&args.config, globals)?;
    archive::check(&args.window, &config)?;
    let connection = open_built(&args.database.db, args.database.memory.as_deref(), &config)?;
    let asked = Asked::of(&connection, &config, &args.window)?;
    let list = asked.windows(&connection, args.window.service.as_deref())?;
    let windows = Windows { list: &list, minimum_severity: config.minimum_severity() };
    build_cluster_details(&connection, &windows)?;
    let (redactor, renderer) = (redactor(&connection, &config)?, Renderer::new(asked.zone.clone(), &config.overrides)?);
    let template = if args.format == BriefFormat::Markdown { "brief.md" } else { "brief.txt" };
    // what each service may take of the bound
    let tokens = args.tokens / list.len().max(1);
    let (answers, summaries) =
        (cluster_answers(&connection, &windows, &Repositories::default())?, summaries(&connection, &windows)?);
    let mut briefs = answers
        .into_iter()
        .zip(&summaries)
        .zip(&list)
        .map(|((answers, summary), window)| brief(answers, summary, window, tokens, template, &renderer, &redactor))
        .collect::<Result<Vec<_>>>()?;
    briefs.sort_by(|one, other| one.urgency.cmp(&other.urgency));
    let text = match args.format {
        BriefFormat::Json => {
            let services = briefs.iter().map(|brief| json::BRIEF.value(&brief.document));
            serde_json::to_string_pretty(&services.collect::<Result<Vec<_>>>()?)? + "\n"
        }
        _ => briefs.into_iter().map(|brief| brief.text).collect::<Vec<_>>().join("\n"),
    };
    terminal::print_text(&text)?;
    Ok(ExitCode::SUCCESS)
}
