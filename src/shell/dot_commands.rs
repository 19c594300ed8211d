//! The commands of the shell, which begin with a dot: a new one is a line in [`COMMANDS`] and a function.

use std::path::Path;

use anyhow::{Result, bail};
use clap::ValueEnum;

use super::{
    Words,
    session::{Session, Turn},
};
use crate::{
    sql::{
        catalog::{Catalog, Column, FIRST, FunctionKind, Relation, about},
        formats::RowFormat,
        library,
        params::{Given, pair},
        query_list::print_list,
    },
    text::{
        escape::{one_line, visible_block},
        terminal,
        words::nearest,
    },
};

struct Command {
    name: &'static str,
    takes: &'static str,
    about: &'static str,
    run: fn(&mut Session, &[String]) -> Result<Turn>,
}

const COMMANDS: &[Command] = &[
    Command { name: "tables", takes: "[all]", about: "what can be queried", run: tables },
    Command { name: "describe", takes: "NAME", about: "a table's columns and what it holds", run: describe },
    Command { name: "open", takes: "FILE", about: "another database", run: open },
    Command { name: "queries", takes: "", about: "queries that are saved or built in", run: list_queries },
    Command { name: "run", takes: "NAME [NAME=VALUE]...", about: "one of them, with its values", run: run_query },
    Command {
        name: "format",
        takes: "FORMAT",
        about: "table, csv, json, ndjson, markdown or vertical (one value a line)",
        run: format,
    },
    Command { name: "timer", takes: "on|off", about: "whether rows are counted and timed", run: timer },
    Command { name: "help", takes: "", about: "this list", run: help },
    Command { name: "quit", takes: "", about: "leave, as Ctrl-D does", run: |_, _| Ok(Turn::Quit) },
];

/// Runs a command, named whole or by its beginning.
pub(crate) fn run(session: &mut Session, line: &str) -> Result<Turn> {
    let words = arguments(line)?;
    let Some((name, rest)) = words.split_first() else { return help(session, &[]) };
    let name = if name.eq_ignore_ascii_case("exit") { "quit" } else { name };
    let mut found = COMMANDS.iter().filter(|command| command.name.starts_with(&name.to_ascii_lowercase()));
    match (found.next(), found.next()) {
        (Some(command), None) => (command.run)(session, rest),
        _ => {
            let near = nearest(name, COMMANDS.iter().map(|command| command.name));
            let hint = near.map_or("`.help` lists them".to_owned(), |near| format!("did you mean `.{near}`?"));
            bail!("no command `.{name}`\n\nhint: {hint}")
        }
    }
}

/// Words at blanks; a value with blanks stands in quotes.
fn arguments(line: &str) -> Result<Vec<String>> {
    let (mut words, mut quote, mut is_word) = (vec![String::new()], None, false);
    for c in line.trim().chars() {
        match quote {
            Some(open) if c == open => quote = None,
            None if c == '\'' || c == '"' => (quote, is_word) = (Some(c), true),
            None if c.is_whitespace() => {
                if std::mem::take(&mut is_word) {
                    words.push(String::new());
                }
            }
            _ => {
                is_word = true;
                words.last_mut().unwrap_or(&mut String::new()).push(c);
            }
        }
    }
    if quote.is_some() {
        bail!("a quote is not closed");
    }
    if !is_word {
        words.pop();
    }
    Ok(words)
}

/// What may stand where a line that begins with a dot ends.
pub(crate) fn completions<'a>(known: &'a Words, line: &str) -> Vec<&'a str> {
    let prefix = line.rsplit(|c: char| c.is_whitespace() || c == '.').next().unwrap_or_default();
    let (command, _) = line.trim_start_matches('.').split_once(char::is_whitespace).unwrap_or(("", line));
    let words: Vec<&str> = match command {
        "" => COMMANDS.iter().map(|command| command.name).collect(),
        "describe" => known.catalog.sources().collect(),
        "run" => known.queries.iter().map(String::as_str).collect(),
        "format" => FORMATS.iter().map(|(name, _)| *name).collect(),
        "timer" => vec!["on", "off"],
        "tables" => vec!["all"],
        _ => Vec::new(),
    };
    words.into_iter().filter(|word| word.starts_with(prefix)).collect()
}

const FORMATS: [(&str, RowFormat); 6] = [
    ("table", RowFormat::Table),
    ("csv", RowFormat::Csv),
    ("json", RowFormat::Json),
    ("ndjson", RowFormat::Ndjson),
    ("markdown", RowFormat::Markdown),
    ("vertical", RowFormat::Vertical),
];

fn one<'a>(arguments: &'a [String], what: &str) -> Result<&'a str> {
    match arguments {
        [one] => Ok(one),
        _ => bail!("expected one {what}\n\nhint: `.help` shows how"),
    }
}

fn tables(session: &mut Session, arguments: &[String]) -> Result<Turn> {
    let catalog = session.catalog();
    let width = terminal::text_width();
    let mut text = String::new();
    for name in FIRST {
        let Some(comment) = comment_of(&catalog, name) else { continue };
        let about = about(name, comment).unwrap_or_default();
        let line = one_line(&first_sentence(&about), width.saturating_sub(20));
        text += &format!("{}  {line}\n", terminal::bold(&format!("{name:<18}")));
    }
    let rest: Vec<&str> = catalog.sources().filter(|name| !FIRST.contains(name)).collect();
    match arguments {
        [all] if all == "all" => text += &format!("\n{}", in_columns(&rest, width)),
        _ => text += &terminal::dim(&format!("{} more beneath them: `.tables all`\n", rest.len())),
    }
    terminal::print(&visible_text(&text))?;
    Ok(Turn::Next)
}

/// The comment of a relation or macro that is there.
fn comment_of<'a>(catalog: &'a Catalog, name: &str) -> Option<Option<&'a str>> {
    let relation = catalog.relation(name).map(|relation| relation.comment.as_deref());
    relation.or_else(|| catalog.function(name).map(|_| None))
}

/// Without what names of tables could do to the terminal; the colours here are gardener's own.
fn visible_text(text: &str) -> String {
    text.split('\u{1b}').map(visible_block).collect::<Vec<_>>().join("\u{1b}")
}

fn first_sentence(text: &str) -> String {
    text.split_once(". ").map_or(text, |(first, _)| first).trim_end_matches('.').to_owned()
}

fn in_columns(names: &[&str], width: usize) -> String {
    let widest = names.iter().map(|name| name.len()).max().unwrap_or(0) + 2;
    let count = (width / widest).max(1);
    let rows = names.len().div_ceil(count);
    let line = |row: usize| {
        let cells = names.iter().skip(row).step_by(rows.max(1)).map(|name| format!("{name:<widest$}"));
        cells.collect::<String>().trim_end().to_owned() + "\n"
    };
    (0..rows).map(line).collect()
}

fn describe(session: &mut Session, arguments: &[String]) -> Result<Turn> {
    let name = one(arguments, "name of a table or macro")?;
    let catalog = session.catalog();
    if let Some(relation) = catalog.relation(name) {
        terminal::print(&described(relation))?;
        return Ok(Turn::Next);
    }
    match catalog.function(name).filter(|function| function.kind != FunctionKind::BuiltIn) {
        Some(function) => {
            let about = about(&function.name, None).unwrap_or_default();
            let about = wrapped(&about, 0, terminal::text_width());
            terminal::print(&format!("{about}\n\n{}({})\n", terminal::bold(&function.name), function.parameters))?;
            Ok(Turn::Next)
        }
        None => bail!("no table `{name}`\n\nhint: {}", table_hint(&catalog, name)),
    }
}

fn table_hint(catalog: &Catalog, name: &str) -> String {
    let near = nearest(name, catalog.sources());
    near.map_or("`.tables` lists them".to_owned(), |near| format!("did you mean `{near}`?"))
}

fn described(relation: &Relation) -> String {
    let widest = |text: fn(&Column) -> &str| {
        relation.columns.iter().map(|column| text(column).chars().count()).max().unwrap_or(0)
    };
    let (names, kinds) = (widest(|column| &column.name), widest(|column| &column.kind).min(40));
    let width = terminal::text_width();
    let about = about(&relation.name, relation.comment.as_deref());
    let mut text = about.map(|about| wrapped(&about, 0, width) + "\n\n").unwrap_or_default();
    for column in &relation.columns {
        let start = format!("{:<names$}  {:<kinds$}", column.name, column.kind);
        let comment = wrapped(column.comment.as_deref().unwrap_or_default(), names + kinds + 4, width);
        text += &(format!("{start}  {comment}").trim_end().to_owned() + "\n");
    }
    visible_block(&text).into_owned()
}

/// The text in lines of a width, all but the first indented.
fn wrapped(text: &str, indent: usize, width: usize) -> String {
    let room = width.saturating_sub(indent).max(20);
    terminal::broken(text.trim(), room, room).join(&format!("\n{}", " ".repeat(indent)))
}

fn open(session: &mut Session, arguments: &[String]) -> Result<Turn> {
    session.reopen(Path::new(one(arguments, "file")?))?;
    terminal::say(false, &session.greeting());
    Ok(Turn::Next)
}

fn list_queries(session: &mut Session, _: &[String]) -> Result<Turn> {
    print_list(&library::all(&session.folder)?, RowFormat::Table)?;
    Ok(Turn::Next)
}

fn run_query(session: &mut Session, arguments: &[String]) -> Result<Turn> {
    let Some((name, values)) = arguments.split_first() else {
        bail!("the name of a query is missing\n\nhint: `.queries` lists them")
    };
    let query = library::find(&session.folder, name)?;
    let given: Vec<_> = values.iter().map(|value| pair(value)).collect::<Result<_, _>>().map_err(anyhow::Error::msg)?;
    session.answer(&query.text, &Given { values: &given, written: "" })?;
    Ok(Turn::Next)
}

fn format(session: &mut Session, arguments: &[String]) -> Result<Turn> {
    let name = one(arguments, "format")?;
    let known = RowFormat::from_str(name, true).ok();
    match known {
        Some(RowFormat::Parquet) => {
            bail!("Parquet can only be written to a file\n\nhint: `gardener sql --format parquet --out FILE`")
        }
        Some(format) => session.format = format,
        None => bail!("no format `{name}`\n\nhint: {}", FORMATS.map(|(name, _)| name).join(", ")),
    }
    Ok(Turn::Next)
}

fn timer(session: &mut Session, arguments: &[String]) -> Result<Turn> {
    session.has_timer = match one(arguments, "`on` or `off`")? {
        "on" => true,
        "off" => false,
        other => bail!("the timer is `on` or `off`, not `{other}`"),
    };
    Ok(Turn::Next)
}

const HELP: &str = "
Commands may be shortened. A query ends with `;` and may have several lines.
Tab completes, Ctrl-R searches the history, Ctrl-C drops the line or ends the
query that runs. While the shell is open, loading into its database waits.
";

fn help(_: &mut Session, _: &[String]) -> Result<Turn> {
    let mut text = String::new();
    for command in COMMANDS {
        text += &format!(
            "{}  {}\n",
            terminal::bold(&format!(".{:<29}", format!("{} {}", command.name, command.takes))),
            command.about
        );
    }
    text += HELP;
    terminal::print(&text)?;
    Ok(Turn::Next)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_stand_between_blanks_and_in_quotes() {
        let of = |line: &str| arguments(line).unwrap();
        assert_eq!(of("run  x text='not there' a=\"\""), ["run", "x", "text=not there", "a="]);
        assert!(of("  ").is_empty());
        assert!(arguments("run 'x").is_err());
    }

    #[test]
    fn long_comments_go_on_below_their_beginning() {
        assert_eq!(wrapped("a comment that is long enough", 4, 24), "a comment that is\n    long enough");
        assert_eq!(wrapped("", 4, 24), "");
    }

    #[test]
    fn names_stand_in_columns() {
        assert_eq!(in_columns(&["a", "bb", "ccc"], 10), "a    ccc\nbb\n");
        assert_eq!(in_columns(&[], 80), "");
    }
}
