//! The worklog: marts to one document, the document to text by the templates in `reports/`.
//!
//! What SQL answers becomes structs ([`document`]), redacted as a whole before any template sees it. Templates loop, branch and
//! format; what numbers come to is in the document's view, sentences are handed over in parts ([`sentence`]), and all
//! that is printed of either is escaped.

pub mod brief;
mod charts;
pub mod document;
pub mod filters;
pub mod history;
pub mod json;
mod overview;
mod pages;
pub mod sample_entry;
pub mod sentence;
pub mod site;
pub mod writer;

use anyhow::Result;
use jiff::tz::TimeZone;
use minijinja::{Environment, UndefinedBehavior, syntax::SyntaxConfig, value::Serde};
use serde::Serialize;
use xxhash_rust::xxh3::xxh3_64;

use crate::{config::overrides::Overrides, text::escape::Fences};

/// The templates, compiled in: the name's ending says what it renders.
const TEMPLATES: &[(&str, &str)] = &[
    ("worklog.md", include_str!("../../reports/worklog.md")),
    ("partials/coverage.md", include_str!("../../reports/partials/coverage.md")),
    ("partials/summary.md", include_str!("../../reports/partials/summary.md")),
    ("partials/cluster.md", include_str!("../../reports/partials/cluster.md")),
    ("partials/cluster_short.md", include_str!("../../reports/partials/cluster_short.md")),
    ("partials/cluster_lines.md", include_str!("../../reports/partials/cluster_lines.md")),
    ("partials/cluster_origin.md", include_str!("../../reports/partials/cluster_origin.md")),
    ("partials/cluster_links.md", include_str!("../../reports/partials/cluster_links.md")),
    ("partials/cluster_before.md", include_str!("../../reports/partials/cluster_before.md")),
    ("partials/cluster_requests.md", include_str!("../../reports/partials/cluster_requests.md")),
    ("partials/context.md", include_str!("../../reports/partials/context.md")),
    ("partials/actions.md", include_str!("../../reports/partials/actions.md")),
    ("partials/since_last.md", include_str!("../../reports/partials/since_last.md")),
    ("partials/quiet_failures.md", include_str!("../../reports/partials/quiet_failures.md")),
    ("partials/deployments.md", include_str!("../../reports/partials/deployments.md")),
    ("partials/deployments.html", include_str!("../../reports/partials/deployments.html")),
    ("partials/unusual.md", include_str!("../../reports/partials/unusual.md")),
    ("partials/problems.md", include_str!("../../reports/partials/problems.md")),
    ("partials/revision_comparison.md", include_str!("../../reports/partials/revision_comparison.md")),
    ("partials/changes.md", include_str!("../../reports/partials/changes.md")),
    ("index.md", include_str!("../../reports/index.md")),
    ("comparison.md", include_str!("../../reports/comparison.md")),
    ("comparison.txt", include_str!("../../reports/comparison.txt")),
    ("index.html", include_str!("../../reports/index.html")),
    ("cluster_life.html", include_str!("../../reports/cluster_life.html")),
    ("revision.html", include_str!("../../reports/revision.html")),
    ("queries.html", include_str!("../../reports/queries.html")),
    ("page.html", include_str!("../../reports/page.html")),
    ("worklog.html", include_str!("../../reports/worklog.html")),
    ("partials/quiet_failures.html", include_str!("../../reports/partials/quiet_failures.html")),
    ("partials/unusual.html", include_str!("../../reports/partials/unusual.html")),
    ("partials/problems.html", include_str!("../../reports/partials/problems.html")),
    ("partials/macros.html", include_str!("../../reports/partials/macros.html")),
    ("partials/cuts.html", include_str!("../../reports/partials/cuts.html")),
    ("partials/coverage.html", include_str!("../../reports/partials/coverage.html")),
    ("partials/summary.html", include_str!("../../reports/partials/summary.html")),
    ("partials/span.html", include_str!("../../reports/partials/span.html")),
    ("partials/overview.html", include_str!("../../reports/partials/overview.html")),
    ("partials/cluster.html", include_str!("../../reports/partials/cluster.html")),
    ("partials/revision_comparison.html", include_str!("../../reports/partials/revision_comparison.html")),
    ("partials/context.html", include_str!("../../reports/partials/context.html")),
    ("overview.md", include_str!("../../reports/overview.md")),
    ("overview.html", include_str!("../../reports/overview.html")),
    ("brief.txt", include_str!("../../reports/brief.txt")),
    ("brief.md", include_str!("../../reports/brief.md")),
    ("diff.txt", include_str!("../../reports/diff.txt")),
    ("pattern.txt", include_str!("../../reports/pattern.txt")),
    ("issue.md", include_str!("../../reports/issue.md")),
    ("issue_comment.md", include_str!("../../reports/issue_comment.md")),
    ("issues.txt", include_str!("../../reports/issues.txt")),
];

/// Changes with any template.
pub fn templates_hash() -> u64 {
    let texts = TEMPLATES.iter().map(|(_, source)| *source).chain(pages::TEXTS);
    xxh3_64(texts.collect::<Vec<_>>().join("\0").as_bytes())
}

/// The templates with what they write numbers and times by.
pub struct Renderer(Environment<'static>);

impl Renderer {
    pub fn new(zone: TimeZone, overrides: &Overrides) -> Result<Self> {
        environment(zone, overrides).map(Renderer)
    }

    /// Renders the document by a template, as what its ending says.
    pub fn render(&self, template: &str, document: &impl Serialize) -> Result<String> {
        let is_page = template.ends_with(".html");
        let template = self.0.get_template(template).map_err(template_error)?;
        let text = template.render(Serde(document)).map_err(template_error)?;
        Ok(if is_page { text } else { tidy(&text) })
    }
}

fn environment(zone: TimeZone, overrides: &Overrides) -> Result<Environment<'static>> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::SemiStrict);
    let mut syntax = SyntaxConfig::builder();
    syntax.trim_blocks(true).lstrip_blocks(true).keep_trailing_newline(true);
    environment.set_syntax(syntax.build().map_err(template_error)?);
    filters::register(&mut environment, zone, overrides);
    for (name, source) in TEMPLATES {
        environment.add_template(name, source).map_err(template_error)?;
    }
    // the user's stand in place of those with their names
    for (name, source) in overrides.templates() {
        environment
            .add_template_owned(name.clone(), source.clone())
            .map_err(|error| template_error(error).context(format!("cannot read your template `{name}`")))?;
    }
    Ok(environment)
}

/// Whether the user's templates can be read at all; whether they render is seen when they do.
pub fn check(overrides: &Overrides) -> Result<()> {
    if overrides.templates().is_empty() { Ok(()) } else { environment(TimeZone::UTC, overrides).map(|_| ()) }
}

fn template_error(error: minijinja::Error) -> anyhow::Error {
    anyhow::Error::from(error).context("failed to render")
}

/// Empty branches of templates leave blank lines; one is enough, outside of fences. Labels that stand line
/// below line get the two blanks that make Markdown keep them so.
fn tidy(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut fences = Fences::default();
    let mut was_blank = true;
    let mut was_label = false;
    for line in text.lines() {
        fences.hold(line);
        let is_inside = fences.open().is_some();
        let is_blank = line.trim().is_empty() && !is_inside;
        let is_label = line.starts_with("**") || line.starts_with('*') && line.ends_with('*');
        if was_label && is_label {
            out.truncate(out.trim_end_matches('\n').len());
            out.push_str("  \n");
        }
        was_label = is_label && !is_inside;
        if !(is_blank && was_blank) {
            out.push_str(line.trim_end());
            out.push('\n');
        }
        was_blank = is_blank;
    }
    out
}
