//! The queries of `sql/engine`, written once, in the words of each engine.

use anyhow::{Result, anyhow};
use minijinja::{Environment, UndefinedBehavior, context, syntax::SyntaxConfig};

use super::{Attached, groups::Wanted};

macro_rules! text {
    ($path:literal) => {
        include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/sql/", $path, ".sql"))
    };
}

/// What engines call differently; each file is one macro of its name.
const MACROS: &[(&str, &str)] = &[
    ("among", text!("engine/macros/among")),
    ("as_number", text!("engine/macros/as_number")),
    ("as_text", text!("engine/macros/as_text")),
    ("coarse", text!("engine/macros/coarse")),
    ("coarse_path", text!("engine/macros/coarse_path")),
    ("digest", text!("engine/macros/digest")),
    ("found", text!("engine/macros/found")),
    ("joined", text!("engine/macros/joined")),
    ("latency_step", text!("engine/macros/latency_step")),
    ("level_mark", text!("engine/macros/level_mark")),
    ("literal", text!("engine/macros/literal")),
    ("microseconds", text!("engine/macros/microseconds")),
    ("nanoseconds", text!("engine/macros/nanoseconds")),
    ("once", text!("engine/macros/once")),
    ("opened", text!("engine/macros/opened")),
    ("part_of", text!("engine/macros/part_of")),
    ("random", text!("engine/macros/random")),
    ("replace_all", text!("engine/macros/replace_all")),
    ("text_at", text!("engine/macros/text_at")),
    ("whole", text!("engine/macros/whole")),
    ("written_time", text!("engine/macros/written_time")),
];

/// What brings a source of a form to the common columns.
const SOURCES: &[(&str, &str)] = &[
    ("analytics", text!("engine/sources/analytics")),
    ("sink", text!("engine/sources/sink")),
    ("text", text!("engine/sources/text")),
];

const QUERIES: &[(&str, &str)] = &[
    ("entries", text!("engine/entries")),
    ("messages", text!("engine/messages")),
    ("counts", text!("engine/counts")),
    ("fetched", text!("engine/fetched")),
];

pub(super) struct Dialect {
    environment: Environment<'static>,
    sources: Vec<String>,
    from_ns: i64,
    to_ns: i64,
}

impl Dialect {
    pub(super) fn new(engine: &str, sources: &[Attached], from_ns: i64, to_ns: i64) -> Result<Self> {
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        environment.set_syntax(SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build()?);
        environment.add_global("dialect", engine);
        // every file may use every macro
        let imports: String =
            MACROS.iter().map(|(name, _)| format!("{{%- from \"macro/{name}\" import {name} -%}}")).collect();
        for (name, text) in MACROS {
            let uses: String = MACROS
                .iter()
                .filter(|(other, _)| other != name && text.contains(&format!("{other}(")))
                .map(|(other, _)| format!("{{%- from \"macro/{other}\" import {other} -%}}"))
                .collect();
            environment.add_template_owned(format!("macro/{name}"), uses + text)?;
        }
        for (name, text) in SOURCES {
            environment.add_template_owned(format!("source/{name}"), format!("{imports}{text}"))?;
        }
        for (name, text) in QUERIES {
            environment.add_template_owned((*name).to_owned(), format!("{imports}{text}"))?;
        }
        let mut dialect = Self { environment, sources: Vec::new(), from_ns, to_ns };
        dialect.sources = sources.iter().map(|source| dialect.source(source)).collect::<Result<_>>()?;
        Ok(dialect)
    }

    fn source(&self, source: &Attached) -> Result<String> {
        let columns: Vec<String> = source.columns.iter().map(|(name, _)| name.clone()).collect();
        // BigQuery's times begin with year 1 and end with year 9999
        let micros = |ns: i64| ns.div_euclid(1_000).clamp(-62_135_596_800_000_000, 253_402_300_799_999_999);
        let values = context! {
            relation => source.relation.clone(), columns, from_us => micros(self.from_ns), to_us => micros(self.to_ns)
        };
        self.render(&format!("source/{}", source.form), values)
    }

    /// The query that finds what each group says, of at most so many groups and one more.
    pub(super) fn messages(&self, limit: u64) -> Result<String> {
        self.query("messages", context! { messages_limit => limit })
    }

    pub(super) fn counts(&self) -> Result<String> {
        self.query("counts", context! {})
    }

    pub(super) fn fetched(&self, wanted: &Wanted) -> Result<String> {
        let Wanted { severities, groups, pieces } = wanted;
        self.query("fetched", context! { severities, groups, pieces })
    }

    fn query(&self, name: &str, values: minijinja::Value) -> Result<String> {
        let common = context! { sources => self.sources.clone(), from_ns => self.from_ns, to_ns => self.to_ns };
        self.render(name, context! { ..values, ..common })
    }

    fn render(&self, name: &str, values: minijinja::Value) -> Result<String> {
        let template = self.environment.get_template(name)?;
        template.render(values).map_err(|error| anyhow!("sql/engine: {error:#}"))
    }
}

#[cfg(test)]
pub(super) fn expression(engine: &str, expression: &str) -> Result<String> {
    let dialect = Dialect::new(engine, &[], 0, 1)?;
    let imports: String =
        MACROS.iter().map(|(name, _)| format!("{{%- from \"macro/{name}\" import {name} -%}}")).collect();
    Ok(dialect.environment.render_str(&format!("{imports}{{{{ {expression} }}}}"), ())?)
}
