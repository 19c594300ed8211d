//! A case: a Markdown file with the tables that a model reads and the rows that it is to answer.

use std::path::Path;

use anyhow::{Context, Result, bail, ensure};

/// What may be said above the first heading.
const SETTINGS: [&str; 5] = ["query", "where", "deviates", "$from_ns", "$to_ns"];

#[derive(Default)]
pub(super) struct Case {
    /// `- name: value` before the first heading.
    pub settings: Vec<(String, String)>,
    pub inputs: Vec<Table>,
    pub expected: Table,
}

/// What stands below a heading: a table, a list of one row's values, or a query in SQL.
#[derive(Default)]
pub(super) struct Table {
    pub name: String,
    pub columns: Vec<String>,
    pub rows: Vec<Vec<String>>,
    pub sql: String,
    /// The same in every row.
    constants: Vec<(String, String)>,
}

impl Case {
    pub(super) fn read(path: &Path) -> Result<Case> {
        let text = std::fs::read_to_string(path)?;
        let mut case = Case::default();
        let mut table: Option<Table> = None;
        let mut lines = text.lines();
        while let Some(line) = lines.next() {
            if let Some(name) = line.strip_prefix("## ") {
                case.close(table.take())?;
                table = Some(Table { name: name.trim().to_owned(), ..Table::default() });
            } else if let Some((name, value)) = line.strip_prefix("- ").and_then(|pair| pair.split_once(':')) {
                let pair = (name.trim().to_owned(), value.trim().trim_matches('`').to_owned());
                table.as_mut().map_or(&mut case.settings, |table| &mut table.constants).push(pair);
            } else if let Some(row) = line.trim().strip_prefix('|') {
                let table = table.as_mut().with_context(|| format!("no heading stands above `{line}`"))?;
                table.add(cells(row)).with_context(|| format!("table `{}`, row `{line}`", table.name))?;
            } else if line.starts_with("```") {
                let table = table.as_mut().with_context(|| format!("no heading stands above `{line}`"))?;
                let block: Vec<&str> = lines.by_ref().take_while(|line| !line.starts_with("```")).collect();
                table.sql = block.join("\n");
            }
        }
        case.close(table)?;
        for (name, _) in &case.settings {
            ensure!(SETTINGS.contains(&name.as_str()), "there is no setting `{name}`, only {}", SETTINGS.join(", "));
        }
        ensure!(!case.expected.rows.is_empty(), "no row is compared: give `## expected` a row at least");
        Ok(case)
    }

    pub(super) fn setting(&self, name: &str) -> Option<&str> {
        self.settings.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    fn close(&mut self, table: Option<Table>) -> Result<()> {
        let Some(table) = table else { return Ok(()) };
        let table = table.closed()?;
        if table.name == "query" {
            self.settings.push((table.name, table.sql));
        } else if table.name != "expected" {
            self.inputs.push(table);
        } else if self.expected.rows.is_empty() && table.sql.is_empty() {
            self.expected = table;
        } else {
            bail!("`## expected` is one table of rows");
        }
        Ok(())
    }
}

impl Table {
    fn add(&mut self, cells: Vec<String>) -> Result<()> {
        if self.columns.is_empty() {
            self.columns = cells;
        } else if !cells.iter().all(|cell| !cell.is_empty() && cell.chars().all(|c| "-:".contains(c))) {
            let (found, wanted) = (cells.len(), self.columns.len());
            ensure!(found == wanted, "{found} cells in a table of {wanted} columns");
            self.rows.push(cells);
        }
        Ok(())
    }

    fn closed(mut self) -> Result<Table> {
        let is_table = !self.columns.is_empty();
        if !self.sql.is_empty() {
            ensure!(!is_table && self.constants.is_empty(), "`{}` has rows and SQL: give one of them", self.name);
            return Ok(self);
        }
        if !is_table && !self.constants.is_empty() {
            self.rows.push(Vec::new());
        }
        for (column, value) in self.constants.drain(..) {
            self.columns.push(column);
            self.rows.iter_mut().for_each(|row| row.push(value.clone()));
        }
        ensure!(!self.columns.is_empty(), "nothing stands below `## {}`", self.name);
        Ok(self)
    }
}

/// The cells of `a | b |`; `\|` is a bar inside a cell.
fn cells(row: &str) -> Vec<String> {
    let row = row.replace("\\|", "\u{1}");
    let row = row.trim().strip_suffix('|').unwrap_or(&row);
    row.split('|').map(|cell| cell.trim().replace('\u{1}', "|")).collect()
}
