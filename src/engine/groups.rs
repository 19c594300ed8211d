//! What the groups of an engine are: one entry of each is read as an export's would be.

use anyhow::{Result, anyhow};
use arrow::{
    array::{Array, AsArray, RecordBatch},
    datatypes::{UInt16Type, UInt64Type},
};
use crossbeam_channel::unbounded;
use duckdb::{Connection, params};
use rustc_hash::FxHashSet;

use crate::{
    ingest::{
        blocks::{Block, Blocks},
        load_accumulator::LoadAccumulator,
        parse::Parser,
        severity,
    },
    mine::trace::pieces::may_be_piece,
};

/// The group of rows that are no entries.
pub(super) const UNREAD: &str = "unread";

/// All that entries of a group have in common.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Traits {
    source_id: u64,
    severity: String,
    level: Option<String>,
    kind: String,
    shape_id: Option<String>,
    http_status: Option<u16>,
}

struct Group {
    id: String,
    traits: Traits,
    /// As the source writes it.
    severity: Option<String>,
    is_ranked: bool,
    is_piece: bool,
    is_split: bool,
}

#[derive(Default)]
pub(super) struct Groups {
    groups: Vec<Group>,
    /// Those whose entry could not be read, with the reason and the text.
    pub rejected: Vec<(String, String, String)>,
}

/// What is to be fetched in whole.
#[derive(Debug, Default)]
pub(super) struct Wanted {
    pub severities: Vec<String>,
    pub groups: Vec<String>,
    /// Those whose neighbours in time are wanted too.
    pub pieces: Vec<String>,
}

impl Groups {
    /// Reads one entry a group, given with the group's id; what is new among sources and shapes goes to `gathered`.
    pub(super) fn read(entries: &[(String, String)], file_id: u32, gathered: &mut LoadAccumulator) -> Result<Self> {
        let mut groups = Self::default();
        let mut parser = Parser::of_groups();
        for block in blocks(entries, file_id)? {
            let mut parsed = parser.parse(&block)?;
            for rejected in parsed.rejects.drain(..) {
                let id = entries[place(rejected.line)].0.clone();
                groups.rejected.push((id, rejected.reason, rejected.raw));
            }
            if let Some(rows) = parsed.entries.take() {
                groups.take(&rows, entries)?;
            }
            // the entries themselves are counted by the engine
            parsed.entry_count = 0;
            parsed.payload_count = 0;
            parsed.bare_count = 0;
            gathered.take(parsed);
        }
        Ok(groups)
    }

    fn take(&mut self, rows: &RecordBatch, entries: &[(String, String)]) -> Result<()> {
        let column = |name: &str| rows.column_by_name(name).ok_or_else(|| anyhow!("no column `{name}`"));
        let text = |name: &str, row: usize| -> Result<Option<String>> {
            let values = column(name)?.as_string::<i32>();
            Ok(values.is_valid(row).then(|| values.value(row).to_owned()))
        };
        for row in 0..rows.num_rows() {
            let statuses = column("http_status")?.as_primitive::<UInt16Type>();
            let kind = text("kind", row)?.unwrap_or_default();
            let traits = Traits {
                source_id: column("source_id")?.as_primitive::<UInt64Type>().value(row),
                severity: text("severity", row)?.unwrap_or_default(),
                level: text("level", row)?,
                http_status: (kind == "request" && statuses.is_valid(row)).then(|| statuses.value(row)),
                kind,
                shape_id: text("shape_id", row)?,
            };
            let (id, entry) = &entries[place(column("line")?.as_primitive::<UInt64Type>().value(row))];
            let message = text("message", row)?.unwrap_or_default();
            self.groups.push(Group {
                id: id.clone(),
                is_ranked: traits.is_ranked(),
                is_piece: traits.kind == "message" && may_be_piece(&message),
                is_split: text("extra", row)?.is_some_and(|extra| extra.contains("\"split\"")),
                severity: severity_as_written(entry),
                traits,
            });
        }
        Ok(())
    }

    pub(super) fn len(&self) -> usize {
        self.groups.len()
    }

    /// NOTICE and above by severity are asked for by that; others by their group.
    pub(super) fn wanted(&self) -> Wanted {
        let is_told = |group: &Group| {
            group.severity.as_deref().is_some_and(|written| written == group.traits.severity && is_notice(written))
        };
        let by_group = |group: &&Group| (group.is_ranked || group.is_split || group.is_piece) && !is_told(group);
        let ids = |groups: Vec<&Group>| groups.into_iter().map(|group| group.id.clone()).collect();
        Wanted {
            severities: severity::NAMES.iter().filter(|name| is_notice(name)).map(|name| (*name).to_owned()).collect(),
            groups: ids(self.groups.iter().filter(by_group).collect()),
            pieces: ids(self.groups.iter().filter(|group| group.is_piece).collect()),
        }
    }

    /// As a table that counts are joined to. A group is fetched if any of those like it is.
    pub(super) fn store(&self, connection: &Connection) -> Result<()> {
        connection.execute_batch(
            "create or replace temp table pulled_groups ( \
                 group_id varchar, source_id ubigint, severity varchar, level varchar, kind varchar, shape_id varchar, \
                 http_status usmallint, is_fetched boolean \
             )",
        )?;
        let fetched: FxHashSet<&Traits> = self
            .groups
            .iter()
            .filter(|group| group.is_ranked || group.is_split || group.is_piece)
            .map(|group| &group.traits)
            .collect();
        let mut appender = connection.appender("pulled_groups")?;
        for Group { id, traits, .. } in &self.groups {
            let Traits { source_id, severity, level, kind, shape_id, http_status } = traits;
            let is_fetched = fetched.contains(traits);
            appender.append_row(params![id, source_id, severity, level, kind, shape_id, http_status, is_fetched])?;
        }
        appender.flush()?;
        Ok(())
    }
}

impl Traits {
    /// NOTICE and above, by severity or by level: what worklogs are about.
    fn is_ranked(&self) -> bool {
        is_notice(&self.severity) || self.level.as_deref().is_some_and(is_notice)
    }
}

fn is_notice(name: &str) -> bool {
    let place = |name: &str| severity::NAMES.iter().position(|known| *known == name);
    place(name) >= place("NOTICE")
}

fn severity_as_written(entry: &str) -> Option<String> {
    let value: serde_json::Value = serde_json::from_str(entry).ok()?;
    value.get("severity")?.as_str().map(str::to_owned)
}

/// Entries are numbered from 1, as lines are.
fn place(line: u64) -> usize {
    line as usize - 1
}

fn blocks(entries: &[(String, String)], file_id: u32) -> Result<Vec<Block>> {
    let (sender, blocks) = unbounded();
    let mut cut = Blocks::new(file_id, None, &sender);
    for (at, (_, entry)) in entries.iter().enumerate() {
        cut.begin(at as u64 + 1, 0, 0);
        cut.extend_decoded(entry.as_bytes(), 0);
        cut.end()?;
    }
    cut.flush()?;
    drop(sender);
    Ok(blocks.into_iter().collect())
}
