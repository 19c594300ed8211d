//! The tools: each is a command with the arguments that an agent may give.

use std::sync::Arc;

use anyhow::{Result, anyhow, bail};
use rmcp::model::{JsonObject, ToolAnnotations};
use serde_json::{Value, json};

/// What can be asked.
pub struct Tool {
    pub name: &'static str,
    description: &'static str,
    /// The command with the options that it always has.
    pub command: &'static [&'static str],
    parameters: &'static [Parameter],
}

struct Parameter {
    name: &'static str,
    description: &'static str,
    place: Place,
}

/// Where the command has a parameter's value.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// One of the words after the options; these have to be given.
    Word,
    Option(&'static str),
    /// A value of a query.
    Query,
}

const fn word(name: &'static str, description: &'static str) -> Parameter {
    Parameter { name, description, place: Place::Word }
}

const fn option(name: &'static str, option: &'static str, description: &'static str) -> Parameter {
    Parameter { name, description, place: Place::Option(option) }
}

const fn query(name: &'static str, description: &'static str) -> Parameter {
    Parameter { name, description, place: Place::Query }
}

const SERVICE: Parameter = option("service", "--service", "Only this service");
const LAST: Parameter =
    option("last", "--last", "Length of the window up to the last entry, such as `24h`, `7d`, `deploy`");
const FROM: Parameter = option("from", "--from", "Start of the window, such as `2025-09-14T10:00`; UTC");
const TO: Parameter = option("to", "--to", "End of the window");
const MOST: Parameter = query("most", "How many rows at most; 20 if not given");

pub const TOOLS: &[Tool] = &[
    Tool {
        name: "brief",
        description: "What is wrong, most urgent first: verdict, first action, and clusters with id, priority, counts, since \
                      when, revisions and state. Start here.",
        command: &["brief", "--format", "markdown"],
        parameters: &[
            SERVICE,
            LAST,
            FROM,
            TO,
            option("tokens", "--tokens", "Length of the answer in tokens; 2000 if not given"),
        ],
    },
    Tool {
        name: "clusters",
        description: "All clusters of a window, else of the whole archive, as CSV: id, name, priority, severity, count, first and last entry, state.",
        command: &["clusters", "--format", "csv"],
        parameters: &[SERVICE, LAST, FROM, TO],
    },
    Tool {
        name: "show",
        description: "One cluster or pattern in detail: why it has its priority, its members, revisions, variables, places in \
                      the code, hours, samples.",
        command: &["show", "--format", "text"],
        parameters: &[word("id", "The id of a cluster or pattern, or words of its text")],
    },
    Tool {
        name: "compare",
        description: "Which problems are new, worse, better or gone from one revision, day or time span to another, with rates, \
                      rate ratio and q value.",
        command: &["compare", "--format", "markdown"],
        parameters: &[
            word(
                "base",
                "A revision or a part of its name, `latest`, `previous`, a day, a span `FROM..TO`, or `-1d`, `-7d`: the other side's hours of an earlier day",
            ),
            word("target", "What to compare with the base, in the same notation"),
            SERVICE,
        ],
    },
    Tool {
        name: "deployments",
        description: "What was deployed, the newest first, as CSV: when, by whom, with what tool, which settings changed, and \
                      what came of it.",
        command: &["queries", "deployments_of_service", "--format", "csv", "--timeout", "30"],
        parameters: &[query("service", "The service's name, or a part of it"), MOST],
    },
    Tool {
        name: "services",
        description: "The services of the archive as CSV: entries, from when to when, and how much was not collected.",
        command: &["queries", "services", "--format", "csv", "--timeout", "30"],
        parameters: &[],
    },
    Tool {
        name: "entries",
        description: "Log entries by pattern, trace or words, the oldest first, as CSV: time, severity, revision, message, \
                      insertId, file and line.",
        command: &["queries", "find_entries", "--format", "csv", "--timeout", "30"],
        parameters: &[
            query("pattern", "The id of a pattern, or the start of one"),
            query("trace", "The id of a trace"),
            query("words", "What the message has to hold"),
            query("service", "Only this service"),
            query("since", "The first time, such as `2025-09-14T10:00`; UTC"),
            query("until", "The time before which it has to be"),
            MOST,
        ],
    },
    Tool {
        name: "sql",
        description: "A query in DuckDB's SQL, for reading only, answered as CSV. `from duckdb_columns()` lists relations and \
                      columns; the main ones are entries, patterns, pattern_clusters, pattern_minutes, cluster_revisions, \
                      revisions, deployments, incidents, files. Count in SQL instead of fetching rows.",
        command: &["sql", "--format", "csv", "--timeout", "30"],
        parameters: &[word("query", "One statement that reads")],
    },
];

impl Tool {
    /// Whether the command reads the configuration; queries do not.
    pub fn takes_config(&self) -> bool {
        !matches!(self.command.first(), Some(&"sql" | &"queries"))
    }

    /// The arguments of the command. They are handed over as they are: no shell reads them, and none is taken for an option.
    pub fn arguments(&self, given: &JsonObject) -> Result<Vec<String>> {
        if let Some(name) = given.keys().find(|name| self.parameters.iter().all(|known| known.name != name.as_str())) {
            let known: Vec<&str> = self.parameters.iter().map(|known| known.name).collect();
            bail!("`{}` has no parameter `{name}`; it has {}", self.name, known.join(", "));
        }
        let (mut options, mut words) = (Vec::new(), Vec::new());
        for parameter in self.parameters {
            let text = match given.get(parameter.name) {
                Some(Value::String(text)) => text.clone(),
                Some(value @ Value::Number(_)) => value.to_string(),
                None | Some(Value::Null) if parameter.place != Place::Word => continue,
                None | Some(Value::Null) => bail!("`{}` needs the parameter `{}`", self.name, parameter.name),
                Some(_) => return Err(anyhow!("the parameter `{}` has to be a text", parameter.name)),
            };
            match parameter.place {
                Place::Word => words.push(text),
                Place::Option(option) => options.push(format!("{option}={text}")),
                Place::Query => options.push(format!("--param={}={text}", parameter.name)),
            }
        }
        if !words.is_empty() {
            options.push("--".into());
        }
        options.extend(words);
        Ok(options)
    }
}

/// A tool as the protocol describes it.
pub fn described(tool: &Tool) -> rmcp::model::Tool {
    let property = |parameter: &Parameter| {
        (parameter.name.to_owned(), json!({"type": "string", "description": parameter.description}))
    };
    let is_needed = |parameter: &&Parameter| parameter.place == Place::Word;
    let schema = [
        ("type", json!("object")),
        ("properties", Value::Object(tool.parameters.iter().map(property).collect())),
        ("required", tool.parameters.iter().filter(is_needed).map(|parameter| parameter.name).collect()),
        ("additionalProperties", json!(false)),
    ];
    let schema: JsonObject = schema.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    let hints = ToolAnnotations::new().read_only(true).idempotent(true).open_world(false);
    rmcp::model::Tool::new(tool.name, tool.description, Arc::new(schema)).with_annotations(hints)
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::cli::Cli;

    /// A value that would be an option, several words and a line in a shell.
    const VALUE: &str = "--unsafe; rm -rf 'x' \"$y\"\nz";

    #[test]
    fn every_tool_is_a_command_whatever_is_given() {
        for tool in TOOLS {
            for parameter in tool.parameters {
                let is_number = parameter.name == "tokens";
                let value = |known: &Parameter| {
                    (known.name.to_owned(), if known.name == "tokens" { json!(100) } else { json!(VALUE) })
                };
                let words = tool.parameters.iter().filter(|known| known.place == Place::Word);
                let given: JsonObject = words.chain([parameter]).map(value).collect();
                let arguments = tool.arguments(&given).unwrap();
                let all = [&["gardener"], tool.command, &["--db", "x.duckdb"]].concat();
                let all: Vec<String> = all.into_iter().map(str::to_owned).chain(arguments).collect();
                let parsed = Cli::try_parse_from(&all);
                assert!(parsed.is_ok(), "{}: {all:?}: {}", tool.name, parsed.unwrap_err());
                let shown = format!("{:?}", parsed.unwrap());
                assert!(shown.contains("is_unsafe: false") || !shown.contains("is_unsafe"), "{shown}");
                assert!(is_number || shown.contains(&format!("{VALUE:?}")[1..10]), "{shown}");
            }
        }
    }

    #[test]
    fn what_is_not_known_or_missing_is_said() {
        let show = TOOLS.iter().find(|tool| tool.name == "show").unwrap();
        let given = |value: Value| value.as_object().unwrap().clone();
        let fails = |value: Value| show.arguments(&given(value)).unwrap_err().to_string();
        assert_eq!(fails(json!({})), "`show` needs the parameter `id`");
        assert_eq!(fails(json!({"id": "x", "day": "1"})), "`show` has no parameter `day`; it has id");
        assert_eq!(fails(json!({"id": ["x"]})), "the parameter `id` has to be a text");
        assert_eq!(show.arguments(&given(json!({"id": 7}))).unwrap(), ["--", "7"]);
    }
}
